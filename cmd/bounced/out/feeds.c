#include "cmd/bounced/out/feeds.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cmd/bounced/out/feeds/follower.h"
#include "cmd/bounced/out/handover.h"
#include "reports/exposition.h"
#include "store/feed.h"
#include "store/privacy.h"

enum {
    LOOK_EVERY = 50000,  /* microseconds */
    SAVE_EVERY = 250000, /* microseconds */
    COUNT_EVERY = 2000000,
    MEND_EVERY = 2000000, /* a database that fails is left alone for so long */
    BUSY_TIMEOUT = 200,   /* milliseconds */
};

/* A feed as it is shown. */
struct figure {
    char *name;
    guint64 values[6];
};

struct feeds {
    const struct journal *journal;
    struct ingest *ingest;
    char *path; /* of the database */
    guint8 key[NAME_KEY_SIZE];
    GThread *thread;
    int wake;      /* an eventfd */
    gint stopping; /* atomic */

    GMutex mutex;           /* of the next two */
    struct feed_plan *next; /* NULL: no other one has come */
    GArray *figures;        /* of struct figure */

    /* the thread's own */
    struct event_base *base;
    struct event *woken;
    struct event *timer;
    struct outlet_shared shared;
    struct feed_plan *plan;
    GPtrArray *followers; /* of struct follower *; NULL: they are yet to be made */
    struct store *store;  /* for reading; NULL: it is opened when it is needed */
    bool store_fails;     /* it was said */
    gint64 again;         /* nothing is tried before; monotonic, as the next two */
    gint64 saved;
    gint64 counted;
};

/* Says so once, until it works again. */
static void watch_store(struct feeds *feeds, const GError *error)
{
    if (error != NULL && !feeds->store_fails && !g_error_matches(error, STORE_ERROR, STORE_ERROR_BUSY)) {
        struct journal_entry *entry = journal_begin(feeds->journal, LOG_ALERT, "feeds-failed");
        journal_text(entry, "error", error->message);
        journal_send(entry);
        feeds->store_fails = true;
    }
    feeds->store_fails = feeds->store_fails && error != NULL;
    if (error != NULL)
        feeds->again = g_get_monotonic_time() + MEND_EVERY;
}

static void close_store(struct feeds *feeds)
{
    for (guint i = 0; feeds->followers != NULL && i < feeds->followers->len; i++)
        follower_leave_store(feeds->followers->pdata[i]);
    g_clear_pointer(&feeds->store, store_free);
}

static bool open_store(struct feeds *feeds, GError **error)
{
    const struct store_settings settings = {.path = feeds->path, .mode = STORE_MODE_READ, .busy_timeout = BUSY_TIMEOUT};

    if (feeds->store != NULL && store_moved(feeds->store))
        close_store(feeds);
    if (feeds->store == NULL)
        feeds->store = store_open(&settings, error);
    return feeds->store != NULL;
}

/* --- positions ---------------------------------------------------------------------------------------------------- */

static bool save(struct feeds *feeds)
{
    g_autoptr(GPtrArray) states = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    struct store *store;

    for (guint i = 0; feeds->followers != NULL && i < feeds->followers->len; i++) {
        if (follower_changed(feeds->followers->pdata[i]))
            g_ptr_array_add(states, follower_state(feeds->followers->pdata[i]));
    }
    feeds->saved = g_get_monotonic_time();
    if (states->len == 0)
        return true;
    store = ingest_borrow_store(feeds->ingest, &error);
    if (store != NULL)
        store_feeds_save(store, states, &error);
    ingest_return_store(feeds->ingest, error);
    watch_store(feeds, error);
    for (guint i = 0; error == NULL && feeds->followers != NULL && i < feeds->followers->len; i++)
        follower_saved(feeds->followers->pdata[i]);
    return error == NULL;
}

/* Takes over the orders that an operator has given since. */
static bool renew(struct feeds *feeds, GError **error)
{
    for (guint i = 0; i < feeds->followers->len; i++) {
        struct follower *follower = feeds->followers->pdata[i];
        struct feed_state *state = store_feed_find(feeds->store, follower_state(follower)->name, error);

        if (state == NULL && *error != NULL)
            return false;
        if (state != NULL)
            follower_renew(follower, state);
    }
    return true;
}

/* --- the thread --------------------------------------------------------------------------------------------------- */

/* All or none, so that a failure is tried again. */
static bool open_followers(struct feeds *feeds, GError **error)
{
    g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func((GDestroyNotify)feed_state_free);
    struct store *store = ingest_borrow_store(feeds->ingest, error);

    for (guint i = 0; store != NULL && i < feeds->plan->feeds->len; i++) {
        const struct feed_config *config = feeds->plan->feeds->pdata[i];
        struct feed_state *state = store_feed_open(store, config->name, error);

        if (state == NULL)
            break;
        g_ptr_array_add(states, state);
    }
    ingest_return_store(feeds->ingest, *error);
    if (store == NULL || states->len < feeds->plan->feeds->len)
        return false;
    feeds->followers = g_ptr_array_new_with_free_func((GDestroyNotify)follower_free);
    g_ptr_array_set_free_func(states, NULL); /* they are the followers' */
    for (guint i = 0; i < states->len; i++)
        g_ptr_array_add(feeds->followers, follower_new(&feeds->shared, feeds->plan->feeds->pdata[i], states->pdata[i]));
    return true;
}

static void take_plan(struct feeds *feeds)
{
    struct feed_plan *next;

    g_mutex_lock(&feeds->mutex);
    next = g_steal_pointer(&feeds->next);
    g_mutex_unlock(&feeds->mutex);
    if (next == NULL)
        return;
    save(feeds);
    g_clear_pointer(&feeds->followers, g_ptr_array_unref);
    feed_plan_free(feeds->plan);
    feeds->plan = next;
    feeds->shared.plan = next;
    feeds->counted = 0;
}

static bool tend(struct feeds *feeds, GError **error)
{
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;

    if (feeds->followers == NULL && !open_followers(feeds, error))
        return false;
    if (feeds->followers->len == 0)
        return true;
    if (!open_store(feeds, error))
        return false;
    if (g_get_monotonic_time() - feeds->saved >= SAVE_EVERY && (!save(feeds) || !renew(feeds, error)))
        return *error == NULL;
    for (guint i = 0; i < feeds->followers->len; i++) {
        if (!follower_tend(feeds->followers->pdata[i], feeds->store, now, error))
            return false;
    }
    return true;
}

/* --- figures ------------------------------------------------------------------------------------------------------ */

const struct feeds_metric feeds_metrics[] = {
    {"bounced_feed_lag", "Events and changes behind the position of a feed, whether it wants them or not."},
    {"bounced_feed_lag_seconds", "How old the first of them is."},
    {"bounced_feed_failed_attempts", "Attempts of a feed that have failed since it last delivered."},
    {"bounced_feed_dead", "1 when a feed has given up, and waits for bouncectl feeds resume."},
    {"bounced_feed_paused", "1 when a feed is paused."},
    {"bounced_feed_delivered_timestamp_seconds", "When a feed last delivered something."},
    {NULL, NULL},
};
G_STATIC_ASSERT(G_N_ELEMENTS(feeds_metrics) - 1 == G_N_ELEMENTS(((struct figure *)NULL)->values));

static void clear_figure(void *figure)
{
    g_free(((struct figure *)figure)->name);
}

static bool count(struct feeds *feeds, GError **error)
{
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    g_autoptr(GArray) figures = g_array_new(FALSE, FALSE, sizeof(struct figure));

    g_array_set_clear_func(figures, clear_figure);
    for (guint i = 0; i < feeds->followers->len; i++) {
        const struct feed_state *state = follower_state(feeds->followers->pdata[i]);
        struct feed_lag lag;

        if (!store_feed_lag(feeds->store, &state->position, &lag, error))
            return false;
        const struct figure figure = {g_strdup(state->name),
                                      {(guint64)(lag.events + lag.changes),
                                       (guint64)(lag.oldest > 0 ? MAX(now - lag.oldest, 0) : 0), state->attempts,
                                       state->dead, state->paused, (guint64)state->delivered}};
        g_array_append_val(figures, figure);
    }
    feeds->counted = g_get_monotonic_time();
    g_mutex_lock(&feeds->mutex);
    g_array_unref(feeds->figures);
    feeds->figures = g_steal_pointer(&figures);
    g_mutex_unlock(&feeds->mutex);
    return true;
}

void feeds_expose(struct feeds *feeds, GString *out)
{
    g_mutex_lock(&feeds->mutex);
    for (size_t row = 0; feeds->figures->len > 0 && feeds_metrics[row].name != NULL; row++) {
        exposition_family(out, feeds_metrics[row].name, feeds_metrics[row].help, EXPOSITION_GAUGE);
        for (guint i = 0; i < feeds->figures->len; i++) {
            const struct figure *figure = &g_array_index(feeds->figures, struct figure, i);
            exposition_sample(out, feeds_metrics[row].name, "feed", figure->name, figure->values[row]);
        }
    }
    g_mutex_unlock(&feeds->mutex);
}

/* --- its life ----------------------------------------------------------------------------------------------------- */

static void look(struct feeds *feeds)
{
    static const struct timeval soon = {.tv_usec = LOOK_EVERY};
    g_autoptr(GError) error = NULL;
    gint64 now = g_get_monotonic_time();

    if (g_atomic_int_get(&feeds->stopping) != 0) {
        event_base_loopbreak(feeds->base);
        return;
    }
    take_plan(feeds);
    if (now >= feeds->again) {
        bool good = tend(feeds, &error) && (feeds->store == NULL || feeds->followers->len == 0 ||
                                            now - feeds->counted < COUNT_EVERY || count(feeds, &error));
        watch_store(feeds, error);
        if (!good && error != NULL && !g_error_matches(error, STORE_ERROR, STORE_ERROR_BUSY))
            close_store(feeds);
    }
    if (feeds->followers == NULL || feeds->followers->len > 0)
        evtimer_add(feeds->timer, &soon);
}

static void on_time(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    look(data);
}

static void on_wake(evutil_socket_t fd, short what G_GNUC_UNUSED, void *data)
{
    guint64 count;

    if (read(fd, &count, sizeof count) > 0)
        look(data);
}

static void *run(void *data)
{
    struct feeds *feeds = data;

    feeds->woken = event_new(feeds->base, feeds->wake, EV_READ | EV_PERSIST, on_wake, feeds);
    feeds->timer = evtimer_new(feeds->base, on_time, feeds);
    feeds->shared.turn = feeds->timer;
    event_add(feeds->woken, NULL);
    look(feeds);
    event_base_dispatch(feeds->base);
    save(feeds);
    close_store(feeds);
    g_clear_pointer(&feeds->followers, g_ptr_array_unref);
    feed_plan_free(feeds->plan);
    event_free(feeds->timer);
    event_free(feeds->woken);
    event_base_free(feeds->base);
    return NULL;
}

static void wake(struct feeds *feeds)
{
    guint64 one = 1;

    while (write(feeds->wake, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

void feeds_reload(struct feeds *feeds, const struct config *config)
{
    struct feed_plan *plan = feed_plan_new(config);

    g_mutex_lock(&feeds->mutex);
    feed_plan_free(feeds->next);
    feeds->next = plan;
    g_mutex_unlock(&feeds->mutex);
    wake(feeds);
}

struct feeds *feeds_new(const struct config *config, const struct journal *journal, struct ingest *ingest,
                        const guint8 *key)
{
    struct feeds *feeds = g_new0(struct feeds, 1);

    handover_init();
    feeds->journal = journal;
    feeds->ingest = ingest;
    feeds->path = g_strdup(config->store_path);
    memcpy(feeds->key, key, sizeof feeds->key);
    feeds->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (feeds->wake < 0)
        g_error("cannot make an eventfd: %s", g_strerror(errno));
    g_mutex_init(&feeds->mutex);
    feeds->figures = g_array_new(FALSE, FALSE, sizeof(struct figure));
    feeds_reload(feeds, config);
    feeds->base = event_base_new(); /* as for the verifier: a start without descriptors fails at once */
    feeds->shared = (struct outlet_shared){
        .base = feeds->base, .journal = journal, .ingest = ingest, .store = feeds->path, .key = feeds->key};
    feeds->thread = g_thread_new("feeds", run, feeds);
    return feeds;
}

void feeds_free(struct feeds *feeds)
{
    if (feeds == NULL)
        return;
    g_atomic_int_set(&feeds->stopping, 1);
    wake(feeds);
    g_thread_join(feeds->thread);
    close(feeds->wake);
    feed_plan_free(feeds->next);
    g_array_unref(feeds->figures);
    g_mutex_clear(&feeds->mutex);
    g_free(feeds->path);
    g_free(feeds);
    handover_clean_up();
}
