/* Old rows go, some at a time; those that others stand on stay. */
#include <sqlite3.h>

#include "store/reversal.h"
#include "store/verification.h"
#include "store_temporary.h"

#define YEAR (365 * DAY)

static gint64 ask(const struct temporary *temporary, const char *sql)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;

    g_assert_cmpint(sqlite3_open(temporary->path, &database), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
    gint64 number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return number;
}

static unsigned maintain(struct temporary *temporary, const struct store_keeping *keeping, gint64 now, unsigned limit)
{
    g_autoptr(GError) error = NULL;
    unsigned rounds = 0;
    bool more = true;

    while (more) {
        g_assert_true(store_maintain(temporary->store, keeping, now, limit, &more, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(++rounds, <, 1000);
    }
    return rounds;
}

/* The addresses that the log gives when it is replayed, and those of the list. */
static char *replay(struct store *store)
{
    g_autoptr(GHashTable) there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(StoreCursor) cursor = store_changes(store, &(struct store_filter){0}, NULL);
    struct change row;

    while (store_next_change(cursor, &row, NULL)) {
        if (strcmp(row.change, "add") == 0 || strcmp(row.change, "update") == 0)
            g_hash_table_add(there, g_strdup(row.subject));
        else
            g_hash_table_remove(there, row.subject);
    }
    g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(there), (GCompareFunc)strcmp);
    GString *out = g_string_new(NULL);
    for (GList *key = keys; key != NULL; key = key->next)
        g_string_append_printf(out, "%s ", (char *)key->data);
    return g_string_free(out, FALSE);
}

static char *list(struct store *store)
{
    g_autoptr(StoreCursor) cursor = store_suppressions(store, &(struct store_filter){0}, NOON, NULL);
    GString *out = g_string_new(NULL);
    struct suppression row;

    while (store_next_suppression(cursor, &row, NULL))
        g_string_append_printf(out, "%s ", row.subject);
    return g_string_free(out, FALSE);
}

/* Of twelve addresses, each reported three times three years ago, the even ones are on the list, and every third was
 * taken off by hand. */
static void fill(struct temporary *temporary, gint64 then)
{
    for (unsigned i = 0; i < 12; i++) {
        g_autofree char *address = g_strdup_printf("a%02u@d%u.example", i, i);
        const struct event events[] = {
            temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, address),
            temporary_event(REPORT_KIND_BOUNCE, i % 2 == 0 ? REASON_USER_UNKNOWN : REASON_EXPIRED, address),
        };
        bool removed;

        temporary_add(temporary, &events[0], 1, then + i);
        temporary_add(temporary, events, G_N_ELEMENTS(events), then + i);
        if (i % 3 == 0)
            g_assert_true(store_unsuppress(temporary->store,
                                           &(struct store_order){.subject = address, .who = "ann", .now = then + i},
                                           &removed, NULL));
    }
}

static void test_old(void)
{
    const struct store_keeping keeping = {
        .events = 2 * YEAR, .messages = 2 * YEAR, .changes = 2 * YEAR, .counters = 2 * YEAR};
    static const unsigned limits[] = {1, 5, 1000};

    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        struct temporary temporary;

        temporary_new(&temporary, NULL);
        fill(&temporary, NOON - 3 * YEAR);
        fill(&temporary, NOON - YEAR);
        gint64 counted = ask(&temporary, "SELECT sum(count) FROM counters");
        g_autofree char *before = list(temporary.store);
        unsigned rounds = maintain(&temporary, &keeping, NOON, limits[i]);
        g_assert_cmpuint(rounds, >, limits[i] == 1000 ? 0 : 5);

        g_autofree char *after = list(temporary.store), *replayed = replay(temporary.store);
        g_assert_cmpstr(before, ==, after);
        g_assert_cmpstr(replayed, ==, after);
        g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM events"), >=, 36);
        g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM events e WHERE received < 1795262400 - 63072000 AND NOT"
                                        " EXISTS (SELECT 1 FROM suppressions WHERE event = e.id)"),
                        ==, 0);
        g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM messages m WHERE received < 1795262400 - 63072000 AND NOT"
                                        " EXISTS (SELECT 1 FROM events WHERE message = m.id)"
                                        " AND NOT EXISTS (SELECT 1 FROM changes WHERE message = m.id)"),
                        ==, 0);
        g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM messages"), <, 48);
        g_assert_cmpint(ask(&temporary, "SELECT sum(count) FROM counters"), ==, counted);
        g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM counters WHERE day < '2024-11-21'"), ==, 3);
        g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
        /* A second time there is nothing to do. */
        g_assert_cmpuint(maintain(&temporary, &keeping, NOON, 1000), <=, 4);
        temporary_free(&temporary);
    }
}

static void test_for_good(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    fill(&temporary, NOON - 50 * YEAR);
    g_assert_cmpuint(maintain(&temporary, &(struct store_keeping){0}, NOON, 1000), ==, 1);
    g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM events"), ==, 36);
    g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM counters"), ==, 24);
    temporary_free(&temporary);
}

/* --- causes and batches --------------------------------------------------------------------------------------------
 */

static void put(struct temporary *temporary, bool on, const char *const *subjects, const char *batch, gint64 at)
{
    g_autofree char *note = g_strdup_printf("note of %s", batch);
    bool changed[2];
    const struct store_batch order = {
        .order = {.who = "ann", .note = note, .batch = batch, .now = at}, subjects, 2, false, changed};

    g_assert_true((on ? store_suppress_all : store_unsuppress_all)(temporary->store, &order, NULL));
}

static void undo(struct temporary *temporary, const char *batch, const char *by, gint64 at)
{
    const struct revision_order order = {.who = "bob", .now = at, .note = "an undoing", .batch = by};
    enum undoable undoable;
    g_autoptr(Reversal) reversal = reversal_new(temporary->store, batch, &undoable, NULL);

    for (bool left = true; left;)
        g_assert_true(reversal_apply(reversal, &order, 10, &left, NULL));
}

/* Three pairs of addresses: one goes and comes back by an undoing, one is gone, one is taken off of late. */
static void fill_batches(struct temporary *temporary, gint64 then, gint64 late)
{
    static const char *const back[] = {"a@example.com", "b@example.com"},
                             *const gone[] = {"c@example.com", "d@example.com"},
                             *const last[] = {"e@example.com", "f@example.com"};

    put(temporary, true, back, "on-back", then);
    put(temporary, true, gone, "on-gone", then);
    put(temporary, true, last, "on-last", then);
    put(temporary, false, back, "off-back", then + 1);
    put(temporary, false, gone, "off-gone", then + 1);
    undo(temporary, "off-back", "undo-back", then + 2);
    put(temporary, false, last, "off-last", late);
}

static bool has_cause(const struct temporary *temporary, const char *batch)
{
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM causes WHERE batch = '%s'", batch);

    return ask(temporary, sql) > 0;
}

static bool has_batch(const struct temporary *temporary, const char *batch)
{
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM batches WHERE name = '%s'", batch);

    return ask(temporary, sql) > 0;
}

/* Notes and names go with the last change that had them; a batch with all that it did. */
static void test_causes(void)
{
    const struct store_keeping keeping = {.changes = 2 * YEAR};
    static const unsigned limits[] = {1, 2, 1000};

    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
        struct temporary temporary;

        temporary_new(&temporary, NULL);
        gint64 own = ask(&temporary, "SELECT count(*) FROM causes");
        fill_batches(&temporary, NOON - 3 * YEAR, NOON - DAY);
        maintain(&temporary, &keeping, NOON, limits[i]);
        g_assert_true(has_cause(&temporary, "on-back"));
        g_assert_true(has_cause(&temporary, "undo-back"));
        g_assert_true(has_cause(&temporary, "on-last"));
        g_assert_true(has_cause(&temporary, "off-last"));
        g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM causes"), ==, own + 4);
        /* else the removal that was undone would be an operator's word again */
        g_assert_true(has_batch(&temporary, "off-back"));
        g_assert_true(has_batch(&temporary, "off-last"));
        g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM batches"), ==, 2);
        g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM forgiven_images"), ==, 2);
        g_assert_true(store_verify(temporary.store, faults, NULL));
        g_assert_cmpuint(faults->len, ==, 0);
        /* when the others are old, they go, too */
        maintain(&temporary, &keeping, NOON + 3 * YEAR, limits[i]);
        g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM causes"), ==, own + 2);
        g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM batches"), ==, 1);
        g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM forgiven_images"), ==, 0);
        temporary_free(&temporary);
    }
}

/* One that comes into use while they are looked for stays. */
static void test_used_meanwhile(void)
{
    const struct store_keeping keeping = {.changes = 2 * YEAR};
    struct temporary temporary;
    bool more = true;

    temporary_new(&temporary, NULL);
    fill_batches(&temporary, NOON - 3 * YEAR, NOON - DAY);
    for (unsigned round = 0; more; round++) {
        g_assert_true(store_maintain(temporary.store, &keeping, NOON, 2, &more, NULL));
        if (more && round % 2 == 0)
            put(&temporary, round % 4 == 0, (const char *const[]){"c@example.com", "d@example.com"}, "on-gone", NOON);
    }
    g_assert_true(has_cause(&temporary, "on-gone"));
    g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
    temporary_free(&temporary);
}

/* --- space -------------------------------------------------------------------------------------------------------- */

/* Pages that became free go back to the file system, but for some. */
static void test_vacuum(void)
{
    struct temporary temporary;
    g_autofree char *text = g_strnfill(STORE_TEXT_MAX, 'x');

    temporary_new(&temporary, NULL);
    g_assert_cmpint(ask(&temporary, "PRAGMA auto_vacuum"), ==, 2);
    g_assert_true(store_begin(temporary.store, NULL));
    for (unsigned i = 0; i < 20000; i++) {
        struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_EXPIRED, "a@example.com");
        event.diagnostic = text;
        temporary_put(&temporary, &event, 1, NOON - 3 * YEAR);
    }
    g_assert_true(store_commit(temporary.store, NULL));
    gint64 before = ask(&temporary, "PRAGMA page_count");
    maintain(&temporary, &(struct store_keeping){.events = YEAR, .messages = YEAR}, NOON, 1000);
    g_assert_cmpint(ask(&temporary, "SELECT count(*) FROM messages"), ==, 0);
    g_assert_cmpint(ask(&temporary, "PRAGMA page_count"), <, before - 1000);
    g_assert_cmpint(ask(&temporary, "PRAGMA freelist_count"), <, 3001);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/retention/old", test_old);
    g_test_add_func("/store/retention/for-good", test_for_good);
    g_test_add_func("/store/retention/causes", test_causes);
    g_test_add_func("/store/retention/used-meanwhile", test_used_meanwhile);
    g_test_add_func("/store/retention/vacuum", test_vacuum);
    return g_test_run();
}
