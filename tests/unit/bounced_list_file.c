#include "cmd/bounced/out/files/list_file.h"

#include <sys/stat.h>

#include "tests/unit/store_temporary.h"

struct owner {
    struct event_base *base;
    struct list_file *file;
    unsigned times; /* that it was written */
    unsigned again; /* times that it is wanted again when it was written */
    struct export_count count;
    char *error;
};

static void on_written(void *data, const struct export_count *count, const char *error)
{
    struct owner *owner = data;

    owner->times++;
    owner->count = *count;
    g_free(owner->error);
    owner->error = g_strdup(error);
    if (owner->again == 0) {
        event_base_loopbreak(owner->base);
        return;
    }
    owner->again--;
    list_file_want(owner->file);
}

static const struct list_file_owner calls = {on_written};

static void suppress(struct store *store, const char *subject, const char *scope)
{
    const struct store_order order = {.subject = subject, .scope = scope, .who = "ann", .now = NOON};

    g_assert_true(store_suppress(store, &order, NULL));
}

struct test {
    struct temporary temporary;
    struct owner owner;
    char *path;
    struct list_file_settings settings;
};

static void begin(struct test *test, const char *stream, guint every)
{
    *test = (struct test){.owner = {.base = event_base_new()}};
    temporary_new(&test->temporary, NULL);
    test->path = g_build_filename(test->temporary.directory, "list", NULL);
    test->settings = (struct list_file_settings){
        .store = test->temporary.path,
        .path = test->path,
        .export = {.format = EXPORT_TEXT, .wording = "text", .fresh = 0640},
        .asker = {.stream = stream},
        .every = every,
    };
    suppress(test->temporary.store, "anna@example.org", NULL);
    suppress(test->temporary.store, "ben@example.org", "stream=news");
    test->owner.file = list_file_new(test->owner.base, &test->settings, &calls, &test->owner);
}

static void check(const struct test *test, const char *text)
{
    g_autofree char *got = NULL;

    g_assert_true(g_file_get_contents(test->path, &got, NULL, NULL));
    g_assert_cmpstr(got, ==, text);
}

static void finish(struct test *test)
{
    list_file_free(test->owner.file);
    event_base_free(test->owner.base);
    g_free(test->owner.error);
    g_free(test->path);
    temporary_free(&test->temporary);
}

/* The entries that apply, and the next time those that are there then. */
static void test_written(void)
{
    struct test test;

    begin(&test, "news", 0);
    list_file_want(test.owner.file);
    event_base_dispatch(test.owner.base);
    g_assert_cmpstr(test.owner.error, ==, NULL);
    g_assert_cmpuint(test.owner.count.rows, ==, 2);
    check(&test, "anna@example.org\nben@example.org\n");
    suppress(test.temporary.store, "carl@example.org", "tenant=other");
    suppress(test.temporary.store, "dora@example.org", NULL);
    list_file_want(test.owner.file);
    event_base_dispatch(test.owner.base);
    check(&test, "anna@example.org\nben@example.org\ndora@example.org\n");
    finish(&test);
}

static void test_everybody(void)
{
    struct test test;

    begin(&test, NULL, 0);
    list_file_want(test.owner.file);
    event_base_dispatch(test.owner.base);
    check(&test, "anna@example.org\n");
    finish(&test);
}

/* Wanted many times at once it is written twice: now, and once more. */
static void test_together(void)
{
    struct test test;

    begin(&test, NULL, 0);
    for (int i = 0; i < 100; i++)
        list_file_want(test.owner.file);
    for (unsigned times = 1; times <= 2; times++) {
        event_base_dispatch(test.owner.base);
        g_assert_cmpuint(test.owner.times, ==, times);
    }
    event_base_loop(test.owner.base, EVLOOP_NONBLOCK);
    list_file_free(g_steal_pointer(&test.owner.file));
    g_assert_cmpuint(test.owner.times, ==, 2);
    finish(&test);
}

/* The second time waits for the period, and keeps nobody from leaving. */
static void test_period(void)
{
    struct test test;

    begin(&test, NULL, 1000);
    list_file_want(test.owner.file);
    event_base_dispatch(test.owner.base);
    list_file_want(test.owner.file);
    event_base_loop(test.owner.base, EVLOOP_NONBLOCK);
    g_assert_cmpuint(test.owner.times, ==, 1);
    finish(&test);

    begin(&test, NULL, 1);
    gint64 start = g_get_monotonic_time();
    test.owner.again = 1;
    list_file_want(test.owner.file);
    event_base_dispatch(test.owner.base);
    g_assert_cmpuint(test.owner.times, ==, 2);
    g_assert_cmpint(g_get_monotonic_time() - start, >=, G_USEC_PER_SEC);
    finish(&test);
}

/* A failure is told, and leaves the file that is there; the next time may be good. */
static void test_failure(void)
{
    struct test test;
    g_autofree char *away = NULL;

    begin(&test, NULL, 0);
    away = g_strconcat(test.temporary.path, ".away", NULL);
    g_assert_true(g_file_set_contents(test.path, "old\n", -1, NULL));
    g_assert_cmpint(g_rename(test.temporary.path, away), ==, 0);
    list_file_want(test.owner.file);
    event_base_dispatch(test.owner.base);
    g_assert_nonnull(test.owner.error);
    check(&test, "old\n");
    g_assert_cmpint(g_rename(away, test.temporary.path), ==, 0);
    list_file_want(test.owner.file);
    event_base_dispatch(test.owner.base);
    g_assert_cmpstr(test.owner.error, ==, NULL);
    check(&test, "anna@example.org\n");
    finish(&test);
}

/* It is left off in the midst, and nothing is left beside the file. */
static void test_left_off(void)
{
    struct test test;

    begin(&test, NULL, 0);
    list_file_want(test.owner.file);
    list_file_free(g_steal_pointer(&test.owner.file));
    g_assert_cmpuint(test.owner.times, ==, 0);
    g_autofree char *killed = g_strconcat(test.path, ".new-abcdef", NULL);
    g_assert_true(g_file_set_contents(killed, "", 0, NULL));
    test.owner.file = list_file_new(test.owner.base, &test.settings, &calls, &test.owner);
    g_assert_false(g_file_test(killed, G_FILE_TEST_EXISTS));
    finish(&test);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bounced/list-file/written", test_written);
    g_test_add_func("/bounced/list-file/everybody", test_everybody);
    g_test_add_func("/bounced/list-file/together", test_together);
    g_test_add_func("/bounced/list-file/period", test_period);
    g_test_add_func("/bounced/list-file/failure", test_failure);
    g_test_add_func("/bounced/list-file/left-off", test_left_off);
    return g_test_run();
}
