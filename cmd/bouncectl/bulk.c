#include "cmd/bouncectl/bulk.h"

#include <sysexits.h>

#include "cmd/bouncectl/display/progress.h"
#include "cmd/bouncectl/pause.h"
#include "cmd/bouncectl/subcommand.h"

enum { BATCH = 1000 };

#define READER_WAIT (5 * G_TIME_SPAN_MINUTE) /* for one who keeps the log from being used anew */
#define LOOK_EVERY (G_TIME_SPAN_SECOND / 10)

struct bulk {
    const struct context *context;
    const GPtrArray *addresses; /* NULL: they are somebody else's */
    guint64 all;
    struct progress *progress;
    guint64 next; /* index of the first address that was not given */
    guint64 done; /* how many are */
    gint64 began; /* the batch; monotonic */
    struct pause pause;
    int signal; /* that came; 0: none */
};

static void look_for_signal(struct bulk *bulk)
{
    if (bulk->signal == 0)
        bulk->signal = pause_take(&bulk->pause, NULL, 0);
}

struct bulk *bulk_new_counted(struct context *context, const char *doing, guint64 all)
{
    struct bulk *bulk = g_new0(struct bulk, 1);

    bulk->context = context;
    bulk->all = all;
    bulk->progress = progress_new(stderr, doing, all);
    pause_begin(&bulk->pause);
    return bulk;
}

struct bulk *bulk_new(struct context *context, const char *doing, const GPtrArray *addresses)
{
    struct bulk *bulk = bulk_new_counted(context, doing, addresses->len);

    bulk->addresses = addresses;
    return bulk;
}

guint bulk_begin(struct bulk *bulk, guint most)
{
    guint n = (guint)MIN(bulk->all - bulk->next, MIN(BATCH, most));

    look_for_signal(bulk);
    if (bulk->signal != 0)
        return 0;
    bulk->next += n;
    bulk->began = g_get_monotonic_time();
    return n;
}

const char *const *bulk_next(struct bulk *bulk, guint *n)
{
    guint64 first = bulk->next;

    *n = bulk_begin(bulk, BATCH);
    return *n > 0 ? (const char *const *)(void *)(bulk->addresses->pdata + first) : NULL;
}

static bool wait_for_readers(struct bulk *bulk, GError **error)
{
    gint64 start = g_get_monotonic_time();
    bool settled;

    if (!store_settled(bulk->context->store, &settled, error))
        return false;
    while (!settled && bulk->signal == 0) {
        if (g_get_monotonic_time() - start > READER_WAIT) {
            g_set_error(error, SUBCOMMAND_ERROR, EX_TEMPFAIL,
                        "somebody has been reading the database for minutes, and its log would grow");
            return false;
        }
        g_usleep(LOOK_EVERY);
        look_for_signal(bulk);
        if (!store_settled(bulk->context->store, &settled, error))
            return false;
    }
    return true;
}

bool bulk_rest(struct bulk *bulk, GError **error)
{
    bulk->done = bulk->next;
    progress_show(bulk->progress, bulk->done, g_get_monotonic_time());
    if (bulk->done == bulk->all)
        return true;
    return context_give_way(bulk->context, bulk->began, error) && wait_for_readers(bulk, error);
}

int bulk_end(struct bulk *bulk, int status, GError **error)
{
    guint64 done = bulk->done, all = bulk->all;

    progress_free(bulk->progress);
    look_for_signal(bulk);
    if (bulk->signal != 0) {
        fprintf(stderr,
                "bouncectl: interrupted after %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                " addresses, all of which were done; run it again for the rest\n",
                done, all);
        status = 128 + bulk->signal;
    }
    if (*error != NULL && all > BATCH)
        g_prefix_error(error,
                       "after %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                       " addresses, all of which were done (run it again for the rest): ",
                       done, all);
    pause_end(&bulk->pause);
    g_free(bulk);
    return status;
}

void bulk_say_name(const char *name)
{
    fprintf(stderr, "bouncectl: batch %s, which `bouncectl rollback --undo %s` undoes\n", name, name);
}
