#include "cmd/bounced/out/feeds/follower.h"

#include <string.h>

#include "cmd/bounced/out/feeds/backoff.h"
#include "cmd/bounced/out/feeds/outlets.h"
#include "store/store.h"

struct follower {
    const struct outlet_shared *shared;
    struct feed_config *config;
    struct feed_state *state;
    const struct outlet_type *type;
    void *outlet;
    struct store_tail *tail; /* NULL: it is begun behind the position */
    GPtrArray *queue;        /* of struct feed_item *: read, and not delivered */
    GPtrArray *delivery;     /* what the outlet has; empty: nothing */
    gint64 first;            /* when the first of the queue was read */
    gint64 again;            /* what tells the whole list is not to be given before */
    gint64 testing;          /* the `asked` of the test that the outlet has; 0: none */
    bool changed;
};

enum { EVENT_FAILING, EVENT_DEAD, EVENT_RECOVERED, EVENT_TESTED };
const struct journal_event follower_events[] = {
    [EVENT_FAILING] = {LOG_WARNING, "feed-failing"},
    [EVENT_DEAD] = {LOG_ALERT, "feed-dead"},
    [EVENT_RECOVERED] = {LOG_NOTICE, "feed-recovered"},
    [EVENT_TESTED] = {LOG_NOTICE, "feed-tested"},
};

static void record(const struct follower *follower, unsigned event, const char *why)
{
    struct journal_entry *entry =
        journal_begin(follower->shared->journal, follower_events[event].priority, follower_events[event].name);

    journal_text(entry, "feed", follower->config->name);
    journal_text(entry, "error", why);
    journal_send(entry);
}

static void free_item(void *data)
{
    feed_item_free(data);
}

/* --- what becomes of a delivery ----------------------------------------------------------------------------------- */

static void set_error(struct feed_state *state, const char *why)
{
    g_free(state->error);
    state->error = g_strdup(why);
}

static void die(struct follower *follower, const char *why)
{
    follower->state->dead = true;
    follower->state->next = 0;
    set_error(follower->state, why);
    follower->changed = true;
    record(follower, EVENT_DEAD, why);
}

/* An attempt that got on begins the count again. */
static void fail(struct follower *follower, const struct outlet_end *end, bool got_on, gint64 now)
{
    struct feed_state *state = follower->state;

    if (state->failing_since == 0)
        record(follower, EVENT_FAILING, end->why);
    if (state->failing_since == 0 || got_on) {
        state->failing_since = now;
        state->attempts = 0;
    }
    state->attempts++;
    set_error(state, end->why);
    state->next = now + backoff_wait(follower->config->retry, state->attempts, end->retry_after, g_random_double());
    if (end->gone || now - state->failing_since >= follower->config->give_up)
        die(follower, end->why);
}

static void succeed(struct follower *follower, gint64 now)
{
    struct feed_state *state = follower->state;
    const struct feed_item *last = follower->delivery->pdata[follower->delivery->len - 1];

    if (state->failing_since != 0)
        record(follower, EVENT_RECOVERED, NULL);
    state->position = last->position;
    state->delivered = now;
    state->failing_since = 0;
    state->attempts = 0;
    state->next = 0;
    g_clear_pointer(&state->error, g_free);
}

/* What is not done of a delivery that failed goes back to where it was. Were the first done? Then it has got on. */
static bool put_back(struct follower *follower)
{
    bool got_on = false;

    for (const struct feed_item *first; follower->delivery->len > 0 && (first = follower->delivery->pdata[0])->done;
         g_ptr_array_remove_index(follower->delivery, 0)) {
        follower->state->position = first->position;
        got_on = true;
    }
    for (guint i = follower->delivery->len; i > 0; i--) {
        if (!((const struct feed_item *)follower->delivery->pdata[i - 1])->done)
            g_ptr_array_insert(follower->queue, 0, g_ptr_array_steal_index(follower->delivery, i - 1));
    }
    return got_on;
}

/* A test moves nothing, whatever becomes of it. */
static void end_test(struct follower *follower, const struct outlet_end *end)
{
    follower->state->tested = follower->testing;
    follower->testing = 0;
    if (end->why != NULL)
        set_error(follower->state, end->why);
    record(follower, EVENT_TESTED, end->why);
}

static void on_end(void *owner, const struct outlet_end *end)
{
    struct follower *follower = owner;
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;

    follower->state->tried = now;
    follower->changed = true;
    if (follower->testing != 0) {
        end_test(follower, end);
    } else if (end->why != NULL) {
        fail(follower, end, put_back(follower), now);
    } else {
        succeed(follower, now);
    }
    g_ptr_array_set_size(follower->delivery, 0);
    event_active(follower->shared->turn, EV_TIMEOUT, 0);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* After a change of the list: an entry of another scope may be there still, or another one again. */
static bool is_listed(struct store *store, const char *subject, gint64 now, bool *listed, GError **error)
{
    const struct store_filter filter = {.recipient = subject};
    g_autoptr(StoreCursor) cursor = store_suppressions(store, &filter, now, error);
    g_autoptr(GError) bad = NULL;
    struct suppression entry;

    *listed = cursor != NULL && store_next_suppression(cursor, &entry, &bad);
    if (bad != NULL)
        g_propagate_error(error, g_steal_pointer(&bad));
    return cursor != NULL && (error == NULL || *error == NULL);
}

/* Of what tells the whole list: it is told once, whether anything comes or not. */
static void put_first(struct follower *follower)
{
    struct feed_item *item;

    g_ptr_array_set_size(follower->queue, 0);
    if (!follower->type->whole)
        return;
    item = g_new0(struct feed_item, 1);
    item->type = g_strdup("feed.started");
    item->position = follower->state->position;
    g_ptr_array_add(follower->queue, item);
}

/* Items behind the position are gone: nobody may say that all was delivered, but for what tells the whole list. */
static bool lose(struct follower *follower, struct store *store, GError **error)
{
    if (!follower->type->whole) {
        die(follower, "what follows its position is not kept any more; see bouncectl feeds replay");
        return true;
    }
    g_clear_pointer(&follower->tail, store_tail_free);
    if (!store_position_end(store, &follower->state->position, error))
        return false;
    put_first(follower);
    return true;
}

static bool begin(struct follower *follower, struct store *store, GError **error)
{
    const struct announcement_types *types = &follower->config->interest.types;
    static const struct store_filter all = {0};
    const struct store_tail_settings settings = {
        .filter = &all,
        .events = !follower->type->whole && announcement_wants_reports(types),
        .changes = announcement_wants_changes(types),
        .position = &follower->state->position,
    };
    g_autoptr(GError) bad = NULL;

    follower->tail = store_tail_new(store, &settings, &bad);
    if (g_error_matches(bad, STORE_ERROR, STORE_ERROR_GONE))
        return lose(follower, store, error);
    if (bad != NULL)
        g_propagate_error(error, g_steal_pointer(&bad));
    return bad == NULL;
}

static bool take(struct follower *follower, struct store *store, const struct store_tail_item *from, gint64 now,
                 GError **error)
{
    bool listed = false;

    if (!feed_plan_wants(follower->shared->plan, follower->config, from) ||
        (follower->type->wants != NULL && !follower->type->wants(follower->config, from)))
        return true;
    /* One who was forgotten has a name that is no address. */
    if (from->change != NULL && strchr(from->change->subject, '@') != NULL &&
        !is_listed(store, from->change->subject, now, &listed, error))
        return false;
    if (follower->type->whole)
        g_ptr_array_set_size(follower->queue, 0);
    if (follower->queue->len == 0)
        follower->first = now; /* those that come later do not make it wait longer */
    struct feed_item *item = feed_item_new(follower->shared->key, from, follower->type->wants != NULL);
    item->listed = listed;
    store_tail_position(follower->tail, &item->position);
    g_ptr_array_add(follower->queue, item);
    return true;
}

/* One batch of the tail, as a whole: between two of them the database is free. */
static bool read_batch(struct follower *follower, struct store *store, gint64 now, GError **error)
{
    struct store_tail_item from;
    g_autoptr(GError) bad = NULL;

    if (follower->tail == NULL && !begin(follower, store, error))
        return false;
    if (follower->tail == NULL || !store_tail_stirred(follower->tail))
        return true;
    while (store_tail_next(follower->tail, &from, &bad) && take(follower, store, &from, now, &bad))
        ;
    if (g_error_matches(bad, STORE_ERROR, STORE_ERROR_GONE))
        return lose(follower, store, error);
    if (bad != NULL) {
        g_propagate_error(error, g_steal_pointer(&bad));
        return false;
    }
    if (follower->queue->len == 0) {
        struct store_position before = follower->state->position;
        store_tail_position(follower->tail, &follower->state->position);
        follower->changed = follower->changed || !store_position_same(&before, &follower->state->position);
    }
    return true;
}

/* --- giving ------------------------------------------------------------------------------------------------------- */

static void give_test(struct follower *follower, gint64 now)
{
    follower->testing = follower->state->asked;
    g_ptr_array_add(follower->delivery, feed_item_new_test(follower->testing, now));
    follower->type->deliver(follower->outlet, follower->delivery);
}

static void give(struct follower *follower, gint64 now)
{
    guint n = MIN(follower->queue->len, (guint)follower->config->batch);

    for (guint i = 0; i < n; i++)
        g_ptr_array_add(follower->delivery, follower->queue->pdata[i]);
    g_ptr_array_set_free_func(follower->queue, NULL); /* they are the delivery's */
    g_ptr_array_remove_range(follower->queue, 0, n);
    g_ptr_array_set_free_func(follower->queue, free_item);
    follower->again = now + follower->config->every;
    follower->type->deliver(follower->outlet, follower->delivery);
}

/* As many as a delivery takes; of what tells the whole list the last one, whatever there is. */
static bool is_full(const struct follower *follower)
{
    return !follower->type->whole && follower->queue->len >= (guint)follower->config->batch;
}

static bool is_due(const struct follower *follower, gint64 now)
{
    if (follower->queue->len == 0 || follower->state->next > now)
        return false;
    if (follower->type->whole)
        return now >= follower->again;
    return is_full(follower) || follower->state->attempts > 0 || now - follower->first >= follower->config->delay;
}

bool follower_tend(struct follower *follower, struct store *store, gint64 now, GError **error)
{
    if (follower->delivery->len > 0)
        return true;
    if (follower->state->asked != follower->state->tested) {
        give_test(follower, now);
        return true;
    }
    if (follower->state->paused || follower->state->dead)
        return true;
    if (!is_full(follower) && follower->state->next <= now && !read_batch(follower, store, now, error))
        return false;
    if (is_due(follower, now) && !follower->state->dead)
        give(follower, now);
    return true;
}

/* --- its life ----------------------------------------------------------------------------------------------------- */

static void open_outlet(struct follower *follower)
{
    follower->outlet = follower->type->open(&(const struct outlet_parts){
        .shared = follower->shared, .config = follower->config, .end = on_end, .owner = follower});
}

struct follower *follower_new(const struct outlet_shared *shared, struct feed_config *config, struct feed_state *state)
{
    struct follower *follower = g_new0(struct follower, 1);

    follower->shared = shared;
    follower->config = feed_config_ref(config);
    follower->state = state;
    follower->queue = g_ptr_array_new_with_free_func(free_item);
    follower->delivery = g_ptr_array_new_with_free_func(free_item);
    follower->type = outlets[config->type];
    put_first(follower);
    open_outlet(follower);
    return follower;
}

void follower_free(struct follower *follower)
{
    if (follower == NULL)
        return;
    follower->type->close(follower->outlet);
    store_tail_free(follower->tail);
    g_ptr_array_unref(follower->queue);
    g_ptr_array_unref(follower->delivery);
    feed_state_free(follower->state);
    feed_config_unref(follower->config);
    g_free(follower);
}

void follower_leave_store(struct follower *follower)
{
    g_clear_pointer(&follower->tail, store_tail_free);
    put_first(follower);
}

/* Another turn: what the outlet has is of the one before. */
void follower_renew(struct follower *follower, struct feed_state *state)
{
    if (state->turn == follower->state->turn) {
        follower->state->asked = state->asked;
        follower->state->paused = state->paused;
        feed_state_free(state);
        return;
    }
    follower->type->close(follower->outlet);
    g_ptr_array_set_size(follower->delivery, 0);
    follower->testing = 0;
    feed_state_free(follower->state);
    follower->state = state;
    follower_leave_store(follower);
    open_outlet(follower);
}

bool follower_changed(const struct follower *follower)
{
    return follower->changed;
}

void follower_saved(struct follower *follower)
{
    follower->changed = false;
}

struct feed_state *follower_state(struct follower *follower)
{
    return follower->state;
}
