/* The change log, read from its beginning, gives the list row for row, whatever was done to it. */
#include <sqlite3.h>

#include "store/revision.h"
#include "store/verification.h"
#include "store_temporary.h"

enum { RUNS = 20, STEPS = 60 };

static const char *const subjects[] = {"One@example.com", "two@example.com", "three@sub.example.org",
                                       "@example.org",    ".example.org",    "one@EXAMPLE.com"};
static const char *const scopes[] = {NULL, "all", "stream=news", "tenant=shop"};

/* Each row of `sql` as one text, by its key, which is the first column. */
static void read_rows(sqlite3 *database, const char *sql, GHashTable *rows)
{
    sqlite3_stmt *statement = NULL;

    g_assert_cmpint(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), ==, SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *key = (const char *)sqlite3_column_text(statement, 0);
        const char *row = (const char *)sqlite3_column_text(statement, 1);

        if (row == NULL)
            g_hash_table_remove(rows, key);
        else
            g_hash_table_insert(rows, g_strdup(key), g_strdup(row));
    }
    sqlite3_finalize(statement);
}

#define ROW(subject, since)                                                                                            \
    subject " || '|' || " since " || '|' || until || '|' || cause || '|' || coalesce(wave, '-')"                       \
            " || '|' || coalesce(event, '-')"

static void compare(const struct temporary *temporary)
{
    g_autoptr(GHashTable) list = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) replayed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
    sqlite3 *database = NULL;
    GHashTableIter iter;
    gpointer key, row;

    g_assert_cmpint(sqlite3_open(temporary->path, &database), ==, SQLITE_OK);
    read_rows(database,
              "SELECT subject || ' ' || scope, " ROW("coalesce(spelling, subject)", "since") " FROM suppressions",
              list);
    read_rows(database,
              "SELECT lower(subject) || ' ' || scope, CASE WHEN change IN ('add', 'update', 'hold', 'confirm')"
              " THEN " ROW("subject", "coalesce(since, at)") " END FROM changes ORDER BY sequence",
              replayed);
    sqlite3_close(database);
    g_assert_cmpuint(g_hash_table_size(list), ==, g_hash_table_size(replayed));
    g_hash_table_iter_init(&iter, list);
    while (g_hash_table_iter_next(&iter, &key, &row))
        g_assert_cmpstr(g_hash_table_lookup(replayed, key), ==, row);
    g_assert_true(store_verify(temporary->store, faults, NULL));
    g_assert_cmpuint(faults->len, ==, 0);
}

static void fail_one(struct temporary *temporary, gint64 now)
{
    static const enum reason reasons[] = {REASON_USER_UNKNOWN, REASON_MAILBOX_FULL, REASON_FEEDBACK, REASON_UNSUBSCRIBE,
                                          REASON_DELIVERED};
    enum reason reason = reasons[g_test_rand_int_range(0, G_N_ELEMENTS(reasons))];
    struct event event = temporary_event(reason == REASON_DELIVERED ? REPORT_KIND_DELIVERED : REPORT_KIND_BOUNCE,
                                         reason, subjects[g_test_rand_int_range(0, 3)]);

    event.stream = g_test_rand_bit() ? "news" : NULL;
    temporary_add(temporary, &event, 1, now);
}

static void judge_again(struct temporary *temporary, gint64 now)
{
    const struct revision_order order = {.who = "carol", .rule_version = "v2", .now = now, .batch = "b"};
    g_autoptr(Revision) revision = revision_new(temporary->store, &(struct store_filter){0}, NULL);
    struct verdict verdict = {.verdict = VERDICT_NONE, .reason = REASON_SPAM_DETECTED, .rule = "other"};
    struct stored_event row;

    while (revision_next(revision, &row, NULL)) {
        if (g_test_rand_int_range(0, 4) == 0)
            revision_doubt(revision);
        else if (row.event.kind == REPORT_KIND_BOUNCE && g_test_rand_int_range(0, 4) == 0)
            revision_judge(revision, &verdict);
    }
    while (revision_left(revision) > 0)
        g_assert_true(revision_apply(revision, &order, 100, NULL));
}

static void take_step(struct temporary *temporary, gint64 now)
{
    const struct store_keeping keeping = {.changes = g_test_rand_bit() ? DAY : 0};
    const struct store_order order = {
        .subject = subjects[g_test_rand_int_range(0, G_N_ELEMENTS(subjects))],
        .scope = scopes[g_test_rand_int_range(0, G_N_ELEMENTS(scopes))],
        .who = g_test_rand_bit() ? "ann" : "bob",
        .door = g_test_rand_bit() ? STORE_DOOR_CLI : STORE_DOOR_API,
        .note = g_test_rand_bit() ? "asked" : NULL,
        .batch = g_test_rand_bit() ? "b1" : NULL,
        .now = now,
        .until = g_test_rand_bit() ? now + g_test_rand_int_range(1, 20) * DAY / 4 : 0,
    };
    bool flag;

    switch (g_test_rand_int_range(0, 6)) {
    case 0:
    case 1:
        g_assert_true(store_suppress(temporary->store, &order, NULL));
        break;
    case 2:
        g_assert_true(store_unsuppress(temporary->store, &order, &flag, NULL));
        break;
    case 3:
        g_assert_true(store_maintain(temporary->store, &keeping, now, 1000, &flag, NULL));
        break;
    case 4:
        judge_again(temporary, now);
        break;
    default:
        fail_one(temporary, now);
    }
}

/* The clock goes on by some hours, and now and then it is set back by days. */
static void test_replay(void)
{
    g_autoptr(GHashTable) tenants = g_hash_table_new(g_str_hash, g_str_equal);

    g_hash_table_insert(tenants, (gpointer) "news", (gpointer) "shop");
    for (unsigned run = 0; run < RUNS; run++) {
        struct temporary temporary;
        gint64 now = NOON;

        temporary_new(&temporary, NULL);
        store_set_policies(temporary.store, NULL, tenants);
        for (unsigned step = 0; step < STEPS; step++) {
            now += g_test_rand_int_range(0, 12) == 0 ? -5 * DAY : g_test_rand_int_range(0, 10) * DAY / 8;
            take_step(&temporary, now);
        }
        compare(&temporary);
        temporary_free(&temporary);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/replay", test_replay);
    return g_test_run();
}
