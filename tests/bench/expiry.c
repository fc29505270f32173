/* How long commits are delayed while many entries expire: bench_expiry DATABASE N puts N entries with an end on the
 * list and lets them expire as the daemon does, at its pace, every MAINTAIN_PAUSE, while another
 * program commits a change every few milliseconds. Prints the seconds that it took, and the longest that such a commit
 * took before and meanwhile, in milliseconds. The database is on the disk that it is on, with its fsync. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/ingest/pace.h"
#include "store/store.h"

enum { BATCH = 10000, COMMITS_BEFORE = 200, COMMIT_PAUSE = 5000 };
enum { MAINTAIN_PAUSE = 50000 }; /* as cmd/ingest/writer.c has it */

#define NOW G_GINT64_CONSTANT(1795262400)

struct committer {
    const char *path;
    gint over;
    gint64 longest; /* microseconds */
};

static void stop(const GError *error)
{
    fprintf(stderr, "bench_expiry: %s\n", error->message);
    exit(1);
}

static struct store *open_store(const char *path)
{
    const struct store_settings settings = {.path = path, .mode = STORE_MODE_WRITE, .busy_timeout = 60000};
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(&settings, &error);

    if (store == NULL)
        stop(error);
    return store;
}

static void put_on(struct store *store, guint from, guint n)
{
    g_auto(GStrv) subjects = g_new0(char *, n + 1);
    g_autofree bool *changed = g_new(bool, n);
    const struct store_batch batch = {.order = {.who = "bench", .now = NOW, .until = NOW + 60},
                                      .subjects = (const char *const *)subjects,
                                      .n = n,
                                      .replace = true,
                                      .changed = changed};
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < n; i++)
        subjects[i] = g_strdup_printf("%08x.expires@d%u.example", (from + i) * 2654435761U, (from + i) % 997);
    if (!store_suppress_all(store, &batch, &error))
        stop(error);
}

/* As a report that comes in, or an operator: they wait for the same lock. */
static void commit(struct committer *committer, struct store *store)
{
    const struct store_order order = {.subject = "commits@bench.example", .who = "bench", .now = NOW};
    g_autoptr(GError) error = NULL;
    gint64 start = g_get_monotonic_time();

    if (!store_suppress(store, &order, &error))
        stop(error);
    committer->longest = MAX(committer->longest, g_get_monotonic_time() - start);
}

static void *commit_meanwhile(void *data)
{
    struct committer *committer = data;
    struct store *store = open_store(committer->path);

    while (g_atomic_int_get(&committer->over) == 0) {
        commit(committer, store);
        g_usleep(COMMIT_PAUSE);
    }
    store_free(store);
    return NULL;
}

int main(int argc, char **argv)
{
    const struct store_keeping keeping = {0};
    g_autoptr(GError) error = NULL;
    gint64 longest = 0;
    bool more = true;
    unsigned rows = PACE_LEAST;
    guint64 n;

    if (argc != 3 || !g_ascii_string_to_unsigned(argv[2], 10, 1, 10000000, &n, NULL)) {
        fprintf(stderr, "usage: bench_expiry DATABASE N\n");
        return 2;
    }
    struct store *store = open_store(argv[1]);
    for (guint i = 0; i < n; i += BATCH)
        put_on(store, i, MIN(BATCH, (guint)n - i));
    struct committer before = {.path = argv[1]}, meanwhile = {.path = argv[1]};
    for (guint i = 0; i < COMMITS_BEFORE; i++, g_usleep(COMMIT_PAUSE))
        commit(&before, store);
    GThread *thread = g_thread_new("commits", commit_meanwhile, &meanwhile);
    gint64 start = g_get_monotonic_time();
    while (more) {
        gint64 begun = g_get_monotonic_time();
        if (!store_maintain(store, &keeping, NOW + 120, rows, &more, &error))
            stop(error);
        rows = pace_next(rows, g_get_monotonic_time() - begun);
        longest = MAX(longest, g_get_monotonic_time() - begun);
        g_usleep(MAINTAIN_PAUSE);
    }
    double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
    g_atomic_int_set(&meanwhile.over, 1);
    g_thread_join(thread);
    store_free(store);
    printf("%.1f %.1f %.1f %.1f\n", seconds, (double)before.longest / 1000, (double)meanwhile.longest / 1000,
           (double)longest / 1000);
    return 0;
}
