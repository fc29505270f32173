#include "cmd/bounced/out/feeds/worker_outlet.h"

#include "cmd/bounced/out/programs/worker.h"

struct worker_outlet {
    struct outlet_parts parts;
    struct worker *worker; /* NULL: it is started with the next delivery */
    GHashTable *left;      /* by its id what of the delivery is not acknowledged; empty: there is none */
    char *why;             /* the worker is to be ended; NULL: it is not */
    struct event *turn;    /* that end, or that of the time for the delivery */
};

/* The worker is in the midst of a call: it is freed on the loop. */
static void give_up(struct worker_outlet *outlet, const char *why)
{
    static const struct timeval at_once = {0};

    if (outlet->why != NULL)
        return;
    outlet->why = g_strdup(why);
    evtimer_add(outlet->turn, &at_once);
}

static void on_turn(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct worker_outlet *outlet = data;
    g_autofree char *why = g_steal_pointer(&outlet->why);
    const struct outlet_end end = {.why = why != NULL ? why : "the program did not acknowledge in time"};
    bool delivering = g_hash_table_size(outlet->left) > 0;

    g_clear_pointer(&outlet->worker, worker_free);
    g_hash_table_remove_all(outlet->left);
    if (delivering)
        outlet->parts.end(outlet->parts.owner, &end);
}

static void on_done(void *owner, const char *id)
{
    static const struct outlet_end good = {0};
    struct worker_outlet *outlet = owner;
    struct feed_item *item = g_hash_table_lookup(outlet->left, id);

    if (outlet->why != NULL)
        return; /* it broke the protocol before: the delivery fails, and would not if nothing were left of it */
    if (item == NULL) {
        give_up(outlet, "the program acknowledged an id that it was not given, or not now");
        return;
    }
    item->done = true;
    g_hash_table_remove(outlet->left, id);
    if (g_hash_table_size(outlet->left) > 0)
        return;
    evtimer_del(outlet->turn);
    outlet->parts.end(outlet->parts.owner, &good);
}

static void on_gone(void *owner, const char *why)
{
    g_autofree char *text = g_strdup_printf("the program: %s", why);

    give_up(owner, text);
}

static const struct worker_owner calls = {.done = on_done, .gone = on_gone};

static void deliver(void *data, const GPtrArray *items)
{
    struct worker_outlet *outlet = data;
    const struct feed_config *config = outlet->parts.config;
    const struct timeval wait = {.tv_sec = config->timeout};
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < items->len; i++)
        g_hash_table_insert(outlet->left, ((struct feed_item *)items->pdata[i])->id, items->pdata[i]);
    if (outlet->why != NULL)
        return; /* its end is near */
    if (outlet->worker == NULL)
        outlet->worker = worker_new(outlet->parts.shared->base, config->command, &calls, outlet, &error);
    if (outlet->worker == NULL) {
        give_up(outlet, error->message);
        return;
    }
    for (guint i = 0; i < items->len; i++)
        worker_send(outlet->worker, ((const struct feed_item *)items->pdata[i])->json);
    evtimer_add(outlet->turn, &wait);
}

static void *open_worker(const struct outlet_parts *parts)
{
    struct worker_outlet *outlet = g_new0(struct worker_outlet, 1);

    outlet->parts = *parts;
    outlet->left = g_hash_table_new(g_str_hash, g_str_equal);
    outlet->turn = evtimer_new(parts->shared->base, on_turn, outlet);
    return outlet;
}

static void close_worker(void *data)
{
    struct worker_outlet *outlet = data;

    worker_free(outlet->worker);
    g_hash_table_unref(outlet->left);
    event_free(outlet->turn);
    g_free(outlet->why);
    g_free(outlet);
}

const struct outlet_type worker_outlet = {.open = open_worker, .deliver = deliver, .close = close_worker};
