/* The screen: it never clears a subject that anybody has put on the list, whenever that was, and clears most others. */
#include <sys/wait.h>
#include <unistd.h>

#include "store/screen/screen.h"
#include "store_temporary.h"

struct pair {
    struct temporary temporary; /* the writer */
    struct connection *reader;
    struct screen *screen;
};

static void pair_new(struct pair *pair)
{
    g_autoptr(GError) error = NULL;

    temporary_new(&pair->temporary, NULL);
    pair->reader = connection_open(pair->temporary.path, CONNECTION_READ, 1000, &error);
    g_assert_no_error(error);
    pair->screen = screen_new(pair->reader);
}

static void pair_free(struct pair *pair)
{
    screen_free(pair->screen);
    connection_free(pair->reader);
    temporary_free(&pair->temporary);
}

static void name(guint number, char *subject, gsize size)
{
    g_snprintf(subject, size, "someone.%u@d%u.example", number, number % 7);
}

/* In one transaction. */
static void suppress(struct store *store, guint from, guint n)
{
    char(*names)[64] = g_malloc_n(n, sizeof *names);
    g_autofree const char **subjects = g_new(const char *, n);
    g_autofree bool *changed = g_new(bool, n);
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < n; i++) {
        name(from + i, names[i], sizeof names[i]);
        subjects[i] = names[i];
    }
    const struct store_batch batch = {
        .order = {.who = "test", .now = NOON}, .subjects = subjects, .n = n, .changed = changed};
    g_assert_true(store_suppress_all(store, &batch, &error));
    g_assert_no_error(error);
    g_free(names);
}

static void begin(struct pair *pair)
{
    g_autoptr(GError) error = NULL;
    bool renewed;

    g_assert_true(screen_begin(pair->screen, &renewed, &error));
    g_assert_no_error(error);
}

static bool clears(struct pair *pair, guint number)
{
    char subject[64];

    name(number, subject, sizeof subject);
    return screen_clears(pair->screen, subject, strlen(subject));
}

static guint cleared(struct pair *pair, guint from, guint n)
{
    guint sum = 0;

    for (guint i = from; i < from + n; i++)
        sum += clears(pair, i);
    return sum;
}

static bool advance(struct pair *pair, unsigned limit)
{
    g_autoptr(GError) error = NULL;
    bool more;

    g_assert_true(screen_advance(pair->screen, limit, &more, &error));
    g_assert_no_error(error);
    return more;
}

static void make_whole(struct pair *pair, unsigned limit)
{
    for (guint i = 0; advance(pair, limit); i++)
        g_assert_cmpuint(i, <, 100000);
}

/* Whatever the pieces are by which it reads, and also when the last one is empty. */
static void test_whole(void)
{
    static const struct {
        guint listed;
        unsigned limit;
    } rows[] = {{0, 1}, {0, 100}, {1, 1}, {100, 1}, {100, 7}, {100, 100}, {100, 101}, {3000, 1000}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct pair pair;

        g_test_message("row %zu", i);
        pair_new(&pair);
        if (rows[i].listed > 0)
            suppress(pair.temporary.store, 0, rows[i].listed);
        begin(&pair);
        g_assert_cmpuint(cleared(&pair, 0, 1000), ==, 0); /* it knows nothing yet */
        make_whole(&pair, rows[i].limit);
        begin(&pair);
        g_assert_cmpuint(cleared(&pair, 0, rows[i].listed), ==, 0);
        g_assert_cmpuint(cleared(&pair, 100000, 1000), >=, 900);
        pair_free(&pair);
    }
}

/* Entries are put on the list while it reads: before and behind the place where it is. */
static void test_meanwhile(void)
{
    struct pair pair;
    guint n = 1000;

    pair_new(&pair);
    suppress(pair.temporary.store, 0, n);
    while (advance(&pair, 50) && n < 2000) {
        suppress(pair.temporary.store, n, 10);
        begin(&pair);
        n += 10;
        g_assert_cmpuint(cleared(&pair, 0, n), ==, 0);
    }
    make_whole(&pair, 50);
    begin(&pair);
    g_assert_cmpuint(cleared(&pair, 0, n), ==, 0);
    g_assert_cmpuint(cleared(&pair, 100000, 1000), >=, 900);
    pair_free(&pair);
}

/* Each commit counts at the next question, however large it was. */
static void test_follows(void)
{
    struct pair pair;
    guint n = 0;

    pair_new(&pair);
    make_whole(&pair, 100);
    for (guint i = 0; i < 200; i++) {
        guint size = i % 20 == 19 ? 1500 : 1 + i % 3;
        suppress(pair.temporary.store, n, size);
        n += size;
        begin(&pair);
        g_assert_cmpuint(cleared(&pair, n - size, size), ==, 0);
        begin(&pair);
        g_assert_cmpuint(cleared(&pair, n - size, size), ==, 0);
        if (i % 5 == 0)
            screen_release(pair.screen);
        if (i % 7 == 0)
            make_whole(&pair, 100);
    }
    /* It has been made anew as it grew, and goes on to clear most others. */
    make_whole(&pair, 100);
    begin(&pair);
    g_assert_cmpuint(cleared(&pair, 0, n), ==, 0);
    g_assert_cmpuint(cleared(&pair, 1000000, 1000), >=, 900);
    pair_free(&pair);
}

/* An entry that was taken off, and put on again, is on it. */
static void test_removal(void)
{
    struct pair pair;
    char subject[64];
    bool removed;

    pair_new(&pair);
    suppress(pair.temporary.store, 0, 10);
    make_whole(&pair, 4);
    name(3, subject, sizeof subject);
    const struct store_order order = {.subject = subject, .who = "test", .now = NOON};
    g_assert_true(store_unsuppress(pair.temporary.store, &order, &removed, NULL));
    begin(&pair);
    suppress(pair.temporary.store, 3, 1);
    begin(&pair);
    g_assert_false(clears(&pair, 3));
    pair_free(&pair);
}

enum { CHILDREN = 2, COMMITS = 300 };

/* Says the number of each commit after it was made. */
G_GNUC_NORETURN static void write_alone(const char *path, guint child, int pipe)
{
    const struct store_settings settings = {.path = path, .mode = STORE_MODE_WRITE, .busy_timeout = 10000};
    struct store *store = store_open(&settings, NULL);

    for (guint i = 0; store != NULL && i < COMMITS; i++) {
        guint number = child * COMMITS + i;
        suppress(store, number, 1);
        if (write(pipe, &number, sizeof number) != sizeof number)
            _exit(1);
    }
    store_free(store);
    _exit(store == NULL);
}

/* Other processes write, and it is asked for what they have just committed, while it is made and after. */
static void test_processes(void)
{
    struct pair pair;
    pid_t children[CHILDREN];
    guint number, n = 0, others = 0;
    int ends[2];

    temporary_new(&pair.temporary, NULL);
    suppress(pair.temporary.store, 100000, 2000);
    g_clear_pointer(&pair.temporary.store, store_free); /* SQLite's connections do not survive a fork */
    g_assert_cmpint(pipe(ends), ==, 0);
    for (guint i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        g_assert_cmpint(children[i], >=, 0);
        if (children[i] == 0)
            write_alone(pair.temporary.path, i, ends[1]);
    }
    close(ends[1]);
    pair.reader = connection_open(pair.temporary.path, CONNECTION_READ, 10000, NULL);
    g_assert_nonnull(pair.reader);
    pair.screen = screen_new(pair.reader);
    for (; read(ends[0], &number, sizeof number) == sizeof number; n++) {
        begin(&pair);
        g_assert_false(clears(&pair, number));
        others += clears(&pair, 10000000 + number);
        if (n % 3 == 0)
            advance(&pair, 50);
    }
    g_assert_cmpuint(n, ==, CHILDREN * COMMITS);
    g_assert_cmpuint(others, >, 0);
    begin(&pair);
    g_assert_cmpuint(cleared(&pair, 0, n), ==, 0);
    for (guint i = 0; i < CHILDREN; i++) {
        int status;
        g_assert_cmpint(waitpid(children[i], &status, 0), ==, children[i]);
        g_assert_cmpint(status, ==, 0);
    }
    close(ends[0]);
    pair_free(&pair);
}

/* The frames of the write-ahead log that could not be taken into the database, since a snapshot needs it as it was. */
static gint64 frames_left(struct connection *connection)
{
    struct query query = query_new(connection, SQL_CHECKPOINT);
    bool row;

    g_assert_true(query_step(&query, &row, NULL) && row);
    gint64 left = query_number_at(&query, 1) - query_number_at(&query, 2);
    query_end(&query);
    return left;
}

/* The snapshot is held as long as nobody commits, and no longer than until the next question. */
static void test_snapshot(void)
{
    struct pair pair;

    pair_new(&pair);
    suppress(pair.temporary.store, 0, 3);
    make_whole(&pair, 100);
    struct connection *checkpointer = connection_open(pair.temporary.path, CONNECTION_WRITE, 0, NULL);
    for (guint i = 1; i <= 3; i++) {
        begin(&pair);
        g_assert_true(connection_run(pair.reader, SQL_SCREEN_SEQUENCE, NULL)); /* which makes the snapshot */
        suppress(pair.temporary.store, 10 * i, 1);
        g_assert_cmpint(frames_left(checkpointer), >, 0);
        if (i < 3)
            begin(&pair);
        else
            screen_release(pair.screen);
        g_assert_cmpint(frames_left(checkpointer), ==, 0);
    }
    connection_free(checkpointer);
    pair_free(&pair);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/screen/whole", test_whole);
    g_test_add_func("/store/screen/meanwhile", test_meanwhile);
    g_test_add_func("/store/screen/follows", test_follows);
    g_test_add_func("/store/screen/removal", test_removal);
    g_test_add_func("/store/screen/processes", test_processes);
    g_test_add_func("/store/screen/snapshot", test_snapshot);
    return g_test_run();
}
