/* A batch and its undoing together are no change. */
#include "store/reversal.h"

#include <sqlite3.h>

#include "store/revision.h"
#include "store/verification.h"
#include "store_temporary.h"

enum { RUNS = 40, STEPS = 40 };

static const char *const addresses[] = {"One@example.com", "two@example.com", "three@example.org", "four@example.org"};

/* --- all that a store holds, but for its log ---------------------------------------------------------------------- */

static const char *const tables[] = {
    "SELECT 'list', * FROM suppressions WHERE until = 0 OR until > ?1 ORDER BY 2, 3",
    "SELECT 'event', * FROM events ORDER BY id",
    "SELECT 'forgiven', * FROM forgiven ORDER BY 2, 3",
    "SELECT 'counter', * FROM counters ORDER BY 2, 3, 4, 5, 6, 7, 8",
    "SELECT 'image', * FROM event_images",
    "SELECT 'forgiven image', * FROM forgiven_images",
};

static void add_rows(sqlite3 *database, const char *sql, gint64 now, GString *out)
{
    sqlite3_stmt *statement = NULL;

    g_assert_cmpint(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), ==, SQLITE_OK);
    sqlite3_bind_int64(statement, 1, now);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *text = (const char *)sqlite3_column_text(statement, i);
            g_autofree char *shown = text != NULL ? g_strescape(text, NULL) : g_strdup("-");
            g_string_append_printf(out, "%s=%s ", sqlite3_column_name(statement, i), shown);
        }
        g_string_append_c(out, '\n');
    }
    sqlite3_finalize(statement);
}

static char *dump(const struct temporary *temporary, gint64 now)
{
    g_autoptr(GString) out = g_string_new(NULL);
    sqlite3 *database = NULL;

    g_assert_cmpint(sqlite3_open(temporary->path, &database), ==, SQLITE_OK);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        add_rows(database, tables[i], now, out);
    sqlite3_close(database);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Row by row, so that it says which one is another. */
static void compare(const char *after, const char *before)
{
    g_auto(GStrv) rows = g_strsplit(after, "\n", -1), expected = g_strsplit(before, "\n", -1);

    for (guint i = 0; rows[i] != NULL && expected[i] != NULL; i++)
        g_assert_cmpstr(rows[i], ==, expected[i]);
    g_assert_cmpuint(g_strv_length(rows), ==, g_strv_length(expected));
}

static void verify(struct temporary *temporary)
{
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

    g_assert_true(store_verify(temporary->store, faults, NULL));
    for (guint i = 0; i < faults->len; i++)
        g_test_message("%s", (const char *)faults->pdata[i]);
    g_assert_cmpuint(faults->len, ==, 0);
}

/* --- what may happen ---------------------------------------------------------------------------------------------- */

static void fail_one(struct temporary *temporary, gint64 now)
{
    static const enum reason reasons[] = {REASON_USER_UNKNOWN, REASON_MAILBOX_FULL, REASON_MAILBOX_FULL,
                                          REASON_FEEDBACK,     REASON_UNSUBSCRIBE,  REASON_DELIVERED};
    enum reason reason = reasons[g_test_rand_int_range(0, G_N_ELEMENTS(reasons))];
    struct event event = temporary_event(reason == REASON_DELIVERED ? REPORT_KIND_DELIVERED : REPORT_KIND_BOUNCE,
                                         reason, addresses[g_test_rand_int_range(0, G_N_ELEMENTS(addresses))]);

    event.stream = g_test_rand_bit() ? "news" : NULL;
    event.mailed = now / DAY * DAY - g_test_rand_int_range(0, 3) * DAY;
    event.may_suppress = g_test_rand_int_range(0, 6) != 0;
    temporary_add(temporary, &event, 1, now);
}

static struct store_batch batch_of(const char *name, gint64 now, bool *changed)
{
    return (struct store_batch){
        .order = {.who = "ann",
                  .note = "a mistake",
                  .batch = name,
                  .now = now,
                  .until = g_test_rand_bit() ? now + 3 * DAY : 0},
        .subjects = addresses,
        .n = (guint)g_test_rand_int_range(1, G_N_ELEMENTS(addresses) + 1),
        .replace = g_test_rand_bit(),
        .changed = changed,
    };
}

/* Doubts some of the events, for good or for a look. */
static void doubt(struct temporary *temporary, const char *name, gint64 now)
{
    const struct revision_order order = {.who = "ann", .now = now, .note = "rollback: a mistake", .batch = name};
    g_autoptr(Revision) revision = revision_new(temporary->store, &(struct store_filter){0}, NULL);
    struct stored_event row;

    while (revision_next(revision, &row, NULL)) {
        if (row.event.may_suppress && g_test_rand_int_range(0, 3) != 0)
            revision_doubt(revision);
    }
    while (revision_left(revision) > 0)
        g_assert_true(revision_apply(revision, &order, 2, NULL));
}

static void do_batch(struct temporary *temporary, const char *name, gint64 now)
{
    bool changed[G_N_ELEMENTS(addresses)];
    const struct store_batch batch = batch_of(name, now, changed);

    switch (g_test_rand_int_range(0, 4)) {
    case 0:
        g_assert_true(store_suppress_all(temporary->store, &batch, NULL));
        break;
    case 1:
        g_assert_true(store_unsuppress_all(temporary->store, &batch, NULL));
        break;
    default:
        doubt(temporary, name, now);
    }
}

static void take_step(struct temporary *temporary, gint64 now)
{
    const struct store_keeping keeping = {0};
    const struct store_order order = {.subject = addresses[g_test_rand_int_range(0, 4)], .who = "bob", .now = now};
    bool flag;

    switch (g_test_rand_int_range(0, 8)) {
    case 0:
        g_assert_true(store_maintain(temporary->store, &keeping, now, 1000, &flag, NULL));
        break;
    case 1:
        g_assert_true(store_unsuppress(temporary->store, &order, &flag, NULL));
        break;
    case 2:
        doubt(temporary, "other", now);
        break;
    default:
        fail_one(temporary, now);
    }
}

/* Undoes the batch; how many entries there are of each effect. */
static void undo(struct temporary *temporary, const char *name, const char *by, gint64 now,
                 guint counts[REVERSAL_EFFECTS])
{
    const struct revision_order order = {.who = "ann", .now = now, .note = "undo", .batch = by};
    enum undoable undoable;
    g_autoptr(Reversal) reversal = reversal_new(temporary->store, name, &undoable, NULL);
    g_autoptr(GError) error = NULL;
    bool left = true;
    guint n;

    g_assert_cmpint(undoable, ==, UNDOABLE_YES);
    while (left) {
        reversal_apply(reversal, &order, 3, &left, &error);
        g_assert_no_error(error);
    }
    memset(counts, 0, REVERSAL_EFFECTS * sizeof *counts);
    const struct reversal_listing *listings = reversal_listings(reversal, &n);
    for (guint i = 0; i < n; i++)
        counts[listings[i].effect]++;
}

static void make(struct temporary *temporary, gint64 *now)
{
    for (unsigned step = 0; step < STEPS; step++) {
        *now += g_test_rand_int_range(0, 10) * DAY / 8;
        take_step(temporary, *now);
    }
}

/* At one time, so that nothing expires between. */
static void test_no_change(void)
{
    for (unsigned run = 0; run < RUNS; run++) {
        struct temporary temporary;
        gint64 now = NOON;
        guint counts[REVERSAL_EFFECTS];

        temporary_new(&temporary, NULL);
        make(&temporary, &now);
        g_autofree char *before = dump(&temporary, now);
        do_batch(&temporary, "first", now);
        g_autofree char *between = dump(&temporary, now);
        verify(&temporary);
        do_batch(&temporary, "second", now);
        verify(&temporary);

        enum undoable undoable;
        g_autoptr(Reversal) second = reversal_new(temporary.store, "second", &undoable, NULL);
        if (undoable == UNDOABLE_YES)
            undo(&temporary, "second", "second undone", now, counts);
        g_autofree char *again = dump(&temporary, now);
        compare(again, between);
        g_autoptr(Reversal) first = reversal_new(temporary.store, "first", &undoable, NULL);
        if (undoable == UNDOABLE_YES)
            undo(&temporary, "first", "first undone", now, counts);
        g_autofree char *after = dump(&temporary, now);
        compare(after, before);
        verify(&temporary);
        temporary_free(&temporary);
    }
}

/* The names of what was done, and of what undid it. */
static void test_named(void)
{
    static const struct {
        const char *name;
        bool named;
    } rows[] = {{"put", true}, {"taken", true}, {"undone", true}, {"run", true}, {"other", false}};
    const char *const subjects[] = {addresses[0]};
    bool changed[1];
    struct store_batch batch = {
        .order = {.who = "ann", .batch = "put", .now = NOON}, .subjects = subjects, .n = 1, .changed = changed};
    const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, addresses[1]);
    const struct store_message message = {
        .digest = (const guint8[32]){9}, .received = NOON, .source = "file", .rule_version = "v1", .batch = "run"};
    guint counts[REVERSAL_EFFECTS];
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    g_assert_true(store_suppress_all(temporary.store, &batch, NULL));
    batch.order.batch = "taken";
    g_assert_true(store_unsuppress_all(temporary.store, &batch, NULL));
    undo(&temporary, "taken", "undone", NOON, counts);
    g_assert_true(store_begin(temporary.store, NULL));
    g_assert_cmpint(store_add(temporary.store, &message, &event, 1, NULL), ==, STORE_RESULT_ADDED);
    g_assert_true(store_commit(temporary.store, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        bool named;

        g_test_message("%s", rows[i].name);
        g_assert_true(reversal_named(temporary.store, rows[i].name, &named, NULL));
        g_assert_cmpint(named, ==, rows[i].named);
    }
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/reversal/no_change", test_no_change);
    g_test_add_func("/store/reversal/named", test_named);
    return g_test_run();
}
