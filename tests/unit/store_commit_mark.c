/* The commit mark of a database: it changes with each commit of anybody, and with nothing else that matters. */
#include "store/sqlite/connection.h"
#include "store_temporary.h"

static void suppress(struct store *store, const char *recipient)
{
    const struct store_order order = {.subject = recipient, .who = "test", .now = NOON};
    g_autoptr(GError) error = NULL;

    g_assert_true(store_suppress(store, &order, &error));
    g_assert_no_error(error);
}

static bool changed(struct connection *connection, struct commit_mark *before)
{
    struct commit_mark now;

    g_assert_true(connection_mark(connection, &now));
    bool same = commit_mark_same(before, &now);
    *before = now;
    return !same;
}

static void test_commits(void)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;
    struct commit_mark mark;

    temporary_new(&temporary, NULL);
    struct connection *reader = connection_open(temporary.path, CONNECTION_READ, 0, &error);
    g_assert_no_error(error);
    g_assert_true(connection_mark(reader, &mark));
    g_assert_false(changed(reader, &mark));
    for (unsigned i = 0; i < 100; i++) {
        g_autofree char *recipient = g_strdup_printf("a%u@example.org", i);
        suppress(temporary.store, recipient);
        g_assert_true(changed(reader, &mark));
        g_assert_false(changed(reader, &mark));
    }
    /* It asks nobody: the reader has no snapshot, and none of its own delays another's view. */
    g_assert_true(connection_run(reader, SQL_BEGIN_READING, NULL));
    g_assert_true(connection_run(reader, SQL_VERSION, NULL));
    suppress(temporary.store, "b@example.org");
    g_assert_true(changed(reader, &mark));
    /* A transaction that is only begun is not committed. */
    g_assert_true(store_begin(temporary.store, NULL));
    g_assert_false(changed(reader, &mark));
    store_rollback(temporary.store);
    g_assert_false(changed(reader, &mark));
    connection_free(reader);
    temporary_free(&temporary);
}

/* The log of 4000 pages is begun anew, and the mark goes on to change. */
static void test_checkpoints(void)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;
    struct commit_mark mark;

    temporary_new(&temporary, NULL);
    struct connection *reader = connection_open(temporary.path, CONNECTION_READ, 0, &error);
    struct connection *writer = connection_open(temporary.path, CONNECTION_WRITE, 0, &error);
    g_assert_no_error(error);
    g_assert_true(connection_mark(reader, &mark));
    for (unsigned i = 0; i < 20; i++) {
        suppress(temporary.store, i % 2 == 0 ? "a@example.org" : "b@example.org");
        g_assert_true(changed(reader, &mark));
        g_assert_true(connection_run(writer, SQL_CHECKPOINT, NULL));
        changed(reader, &mark);
    }
    connection_free(writer);
    connection_free(reader);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/commit_mark/commits", test_commits);
    g_test_add_func("/store/commit_mark/checkpoints", test_checkpoints);
    return g_test_run();
}
