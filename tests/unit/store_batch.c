/* Many addresses put on the list, or taken off, in one transaction; and how long the write-ahead log is. */
#include "store_temporary.h"

#include <sqlite3.h>

enum { MOST = 4 };

/* The entry before: until when; -1: none. Then what an order until NOON + `until` changes. */
static void test_suppress(void)
{
    static const struct {
        gint64 before, until;
        bool replace, changed;
    } cases[] = {
        {-1, 0, false, true},
        {-1, 2 * DAY, false, true},
        {0, 0, false, true},
        {0, 2 * DAY, false, false},
        {0, 2 * DAY, true, true},
        {DAY, 2 * DAY, false, true},
        {DAY, 0, false, true},
        {3 * DAY, 2 * DAY, false, false},
        {3 * DAY, 2 * DAY, true, true},
        {2 * DAY, 2 * DAY, false, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const recipients[] = {"one@example.org", "Two@Example.org"};
        gint64 until = cases[i].until != 0 ? NOON + cases[i].until : 0;
        gint64 before = cases[i].before > 0 ? NOON + cases[i].before : 0;
        bool changed[2] = {false}, suppressed;
        const struct store_batch batch = {{.who = "ann", .note = "a list", .now = NOON + 1, .until = until},
                                          recipients,
                                          2,
                                          cases[i].replace,
                                          changed};
        struct suppression entry;
        struct temporary temporary;

        g_test_message("row %zu", i);
        temporary_new(&temporary, NULL);
        if (cases[i].before >= 0)
            g_assert_true(temporary_suppress(temporary.store, recipients[1], before));
        g_assert_true(store_suppress_all(temporary.store, &batch, NULL));
        g_assert_true(changed[0]);
        g_assert_true(changed[1] == cases[i].changed);
        g_assert_true(store_check(temporary.store, "two@example.org", NOON + 1, &entry, &suppressed, NULL));
        g_assert_true(suppressed);
        g_assert_cmpint(entry.until, ==, cases[i].changed ? until : before);
        temporary_free(&temporary);
    }
}

static void test_unsuppress(void)
{
    const char *const recipients[MOST] = {"a@example.org", "b@example.org", "C@example.org", "d@example.org"};
    bool changed[MOST] = {false}, suppressed;
    const struct store_batch batch = {
        {.who = "ann", .note = "a wave", .now = NOON + 1}, recipients, MOST, false, changed};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    g_assert_true(temporary_suppress(temporary.store, "a@example.org", 0));
    g_assert_true(temporary_suppress(temporary.store, "c@example.org", 0));
    g_assert_true(store_unsuppress_all(temporary.store, &batch, NULL));
    for (unsigned i = 0; i < MOST; i++)
        g_assert_true(changed[i] == (i % 2 == 0));
    g_assert_true(store_check(temporary.store, "c@example.org", NOON + 1, NULL, &suppressed, NULL));
    g_assert_false(suppressed);
    /* a second time there is nothing to do */
    g_assert_true(store_unsuppress_all(temporary.store, &batch, NULL));
    g_assert_false(changed[0] || changed[2]);
    temporary_free(&temporary);
}

/* One that is no address, and nothing was done. */
static void test_whole(void)
{
    const char *const recipients[] = {"a@example.org", "nobody", "c@example.org"};
    bool changed[3], suppressed;
    const struct store_batch batch = {{.who = "ann", .now = NOON}, recipients, 3, false, changed};
    g_autoptr(GError) error = NULL;
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    g_assert_false(store_suppress_all(temporary.store, &batch, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_ADDRESS);
    g_assert_true(store_check(temporary.store, "a@example.org", NOON, NULL, &suppressed, NULL));
    g_assert_false(suppressed);
    temporary_free(&temporary);
}

/* Forty million octets in the log, which only a reader keeps from going back. */
static void test_settled(void)
{
    struct temporary temporary;
    sqlite3 *reader;
    bool settled;

    temporary_new(&temporary, NULL);
    g_assert_true(store_settled(temporary.store, &settled, NULL));
    g_assert_true(settled);
    g_assert_cmpint(sqlite3_open(temporary.path, &reader), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM changes", NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3 *writer;
    g_assert_cmpint(sqlite3_open(temporary.path, &writer), ==, SQLITE_OK);
    g_assert_cmpint(
        sqlite3_exec(writer, "CREATE TABLE bulk (b); INSERT INTO bulk VALUES (zeroblob(40000000))", NULL, NULL, NULL),
        ==, SQLITE_OK);
    sqlite3_close(writer);
    g_assert_true(store_settled(temporary.store, &settled, NULL));
    g_assert_false(settled);
    sqlite3_close(reader);
    g_assert_true(store_settled(temporary.store, &settled, NULL));
    g_assert_true(settled);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/batch/suppress", test_suppress);
    g_test_add_func("/store/batch/unsuppress", test_unsuppress);
    g_test_add_func("/store/batch/whole", test_whole);
    g_test_add_func("/store/batch/settled", test_settled);
    return g_test_run();
}
