#include "cmd/bounced/peers/intake.h"

struct intake {
    const struct setup *setup;
    struct ingest *ingest;
    GQueue waiting;        /* of struct peer *: each has a message that the store has no room for yet */
    GQueue paused;         /* of struct peer *: there is no memory for the message that each is sending */
    GHashTable *places;    /* a set of struct intake_place *: those of all peers */
    GHashTable *shares;    /* the memory by address */
    size_t held;           /* octets of memory that messages take, complete or not */
    struct event *drained; /* activated when the store has no message of ours; not NULL: it gets none either */
    gint64 progress;       /* when the store last gave a message back, or had none; monotonic microseconds */
};

struct intake *intake_new(const struct setup *setup, struct ingest *ingest)
{
    struct intake *intake = g_new0(struct intake, 1);

    intake->setup = setup;
    intake->ingest = ingest;
    intake->places = g_hash_table_new(NULL, NULL);
    intake->shares = shares_new();
    g_queue_init(&intake->waiting);
    g_queue_init(&intake->paused);
    return intake;
}

void intake_free(struct intake *intake)
{
    if (intake == NULL)
        return;
    g_hash_table_unref(intake->places);
    g_hash_table_unref(intake->shares);
    g_free(intake);
}

/* The messages of the place take `held` now; of this, `unfinished` can be given up. */
static void hold(struct intake *intake, struct intake_place *place, size_t held, size_t unfinished)
{
    intake->held += held - place->held;
    place->held = held;
    if (unfinished > 0 && place->share == NULL)
        place->share = share_join(intake->shares, session_client(place->session));
    if (place->share != NULL)
        place->share->held += unfinished - place->unfinished;
    place->unfinished = unfinished;
    if (unfinished == 0 && place->share != NULL)
        share_leave(intake->shares, g_steal_pointer(&place->share));
}

/* --- the lines --------------------------------------------------------------------------------------------------- */

void intake_enter(struct intake *intake, struct intake_place *place, struct peer *peer, struct session *session)
{
    *place = (struct intake_place){.link.data = place, .peer = peer, .session = session};
    g_hash_table_add(intake->places, place);
}

void intake_exit(struct intake *intake, struct intake_place *place)
{
    intake_leave(place);
    hold(intake, place, 0, 0);
    g_hash_table_remove(intake->places, place);
}

bool intake_waits(const struct intake_place *place)
{
    return place->line != NULL;
}

void intake_leave(struct intake_place *place)
{
    if (place->line != NULL)
        g_queue_unlink(place->line, &place->link);
    place->line = NULL;
}

static void join(GQueue *line, struct intake_place *place)
{
    g_queue_push_tail_link(line, &place->link);
    place->line = line;
}

static struct peer *pop(GQueue *line)
{
    GList *link = g_queue_pop_head_link(line);
    struct intake_place *place = link != NULL ? link->data : NULL;

    if (place == NULL)
        return NULL;
    place->line = NULL;
    return place->peer;
}

/* --- memory ------------------------------------------------------------------------------------------------------ */

static size_t share_limit(const struct config *config)
{
    gint64 limit = config->address_memory > 0 ? config->address_memory : config->memory / 4;

    return (size_t)MAX(limit, 2 * config->message_size);
}

/* The message that goes first, if there is one: of the address that holds most, the largest. */
struct victim {
    const struct share *share; /* that it has to be of; NULL: any */
    struct intake_place *place;
    size_t all; /* that can be given up */
};

static void consider(gpointer key, gpointer value G_GNUC_UNUSED, gpointer data)
{
    struct intake_place *place = key;
    struct victim *victim = data;

    if (place->share == NULL || (victim->share != NULL && place->share != victim->share))
        return;
    victim->all += place->unfinished;
    if (victim->place == NULL || place->share->held > victim->place->share->held ||
        (place->share == victim->place->share && place->unfinished > victim->place->unfinished))
        victim->place = place;
}

/* Likewise; `share` NULL: of all. */
static struct victim find_victim(const struct intake *intake, const struct share *share)
{
    struct victim victim = {.share = share};

    g_hash_table_foreach(intake->places, consider, &victim);
    return victim;
}

static void recount(struct intake *intake, struct intake_place *place)
{
    size_t own = session_held(place->session);

    hold(intake, place, place->given + own, session_next(place->session) == SESSION_EVENT_MESSAGE ? 0 : own);
}

static bool shed(struct intake *intake, const struct share *share)
{
    struct victim victim = find_victim(intake, share);

    if (victim.place == NULL)
        return false;
    session_shed(victim.place->session);
    recount(intake, victim.place);
    return true;
}

bool intake_count(struct intake *intake, struct intake_place *place, size_t taken)
{
    place->taken += taken;
    recount(intake, place);
    return place->share == NULL || place->share->held <= share_limit(intake->setup->config) ||
           !shed(intake, place->share);
}

bool intake_relieve(struct intake *intake, size_t most)
{
    if (intake->held > most && find_victim(intake, NULL).all < intake->held - most)
        return false;
    while (intake->held > most && shed(intake, NULL))
        ;
    return intake->held <= most;
}

static bool make_room(struct intake *intake)
{
    while (intake_held(intake) >= (size_t)intake->setup->config->memory) {
        if (ingest_pending(intake->ingest) > 0 || !shed(intake, NULL))
            return false;
    }
    return true;
}

bool intake_has_memory(struct intake *intake, struct intake_place *place)
{
    if (make_room(intake))
        return true;
    join(&intake->paused, place);
    return false;
}

struct peer *intake_next_paused(struct intake *intake)
{
    return intake->paused.length > 0 && make_room(intake) ? pop(&intake->paused) : NULL;
}

/* --- slow data ---------------------------------------------------------------------------------------------------- */

/* How long data is looked at, seconds. */
enum { PACE_SECONDS = 60 };

/* Is the peer the one to be waited for? */
static bool owes_data(const struct intake_place *place)
{
    return session_in_message(place->session) && session_next(place->session) == SESSION_EVENT_READ &&
           !intake_waits(place);
}

static bool is_slow(const struct intake *intake, struct intake_place *place, gint64 now)
{
    const struct config *config = intake->setup->config;
    gint64 seconds = (now - place->since) / G_TIME_SPAN_SECOND;
    size_t taken = place->taken;

    if (!owes_data(place)) {
        place->since = 0;
        return false;
    }
    if (place->since != 0 && seconds < MIN(config->idle_timeout, PACE_SECONDS))
        return false;
    bool slow = place->since != 0 && (gint64)taken / seconds < config->min_data_rate;
    place->since = now;
    place->taken = 0;
    return slow;
}

GPtrArray *intake_find_slow(struct intake *intake, gint64 now)
{
    GPtrArray *slow = g_ptr_array_new();
    GHashTableIter all;
    void *place;

    g_hash_table_iter_init(&all, intake->places);
    while (g_hash_table_iter_next(&all, &place, NULL)) {
        if (is_slow(intake, place, now))
            g_ptr_array_add(slow, ((struct intake_place *)place)->peer);
    }
    return slow;
}

/* --- the store --------------------------------------------------------------------------------------------------- */

static bool has_room(const struct intake *intake)
{
    return intake->drained == NULL && ingest_pending(intake->ingest) < intake->setup->config->queue_size;
}

bool intake_admit(struct intake *intake, struct intake_place *place)
{
    /* A peer that comes after those in line waits behind them. */
    if (intake->waiting.length == 0 && has_room(intake))
        return true;
    join(&intake->waiting, place);
    return false;
}

static void give(struct intake *intake, struct intake_place *place, struct ingest_message *message)
{
    message->owner = place;
    if (ingest_pending(intake->ingest) == 0)
        intake->progress = g_get_monotonic_time();
    ingest_message(intake->ingest, message);
}

void intake_submit(struct intake *intake, struct intake_place *place, const struct client *client)
{
    const struct listen_config *listener = config_listener(intake->setup->config, client->listener);
    g_autoptr(Transaction) transaction = session_take_message(place->session);
    struct ingest_message *message =
        ingest_message_new(listen_protocol_names[client->protocol], g_get_real_time() / G_USEC_PER_SEC);

    place->with_store = true;
    place->given = transaction->message->allocated_len;
    recount(intake, place);
    g_string_free(message->bytes, TRUE);
    message->bytes = g_steal_pointer(&transaction->message);
    g_ptr_array_unref(message->rcpt_to);
    message->rcpt_to = g_ptr_array_ref(transaction->recipients);
    message->mail_from = g_steal_pointer(&transaction->mail_from);
    /* A reload may have taken the section away. */
    if (listener != NULL && listener->own_mta != NULL)
        message->own_mta = g_ptr_array_ref(listener->own_mta);
    give(intake, place, message);
}

bool intake_enter_posting(struct intake *intake, struct intake_place *place, struct posting *posting, size_t octets)
{
    if (intake->waiting.length > 0 || !has_room(intake) ||
        intake_held(intake) + octets > (size_t)intake->setup->config->memory)
        return false;
    *place = (struct intake_place){.posting = posting};
    hold(intake, place, octets, 0);
    return true;
}

void intake_exit_posting(struct intake *intake, struct intake_place *place)
{
    hold(intake, place, 0, 0);
}

void intake_post(struct intake *intake, struct intake_place *place, struct ingest_message *message)
{
    give(intake, place, message);
}

struct ingest_message *intake_done(struct intake *intake)
{
    struct ingest_message *message = ingest_done(intake->ingest);

    if (message != NULL)
        intake->progress = g_get_monotonic_time();
    else if (intake->drained != NULL && ingest_pending(intake->ingest) == 0)
        event_active(intake->drained, 0, 0);
    return message;
}

void intake_conclude(struct intake *intake, struct intake_place *place)
{
    place->with_store = false;
    place->given = 0;
    recount(intake, place);
}

struct peer *intake_next(struct intake *intake)
{
    return has_room(intake) ? pop(&intake->waiting) : NULL;
}

void intake_drain(struct intake *intake, struct event *drained)
{
    intake->drained = drained;
    if (ingest_pending(intake->ingest) == 0)
        event_active(drained, 0, 0);
}

void intake_go_on(struct intake *intake)
{
    intake->drained = NULL;
}

/* --- how it is --------------------------------------------------------------------------------------------------- */

guint intake_pending(const struct intake *intake)
{
    return ingest_pending(intake->ingest);
}

guint intake_waiting(const struct intake *intake)
{
    return intake->waiting.length;
}

guint intake_paused(const struct intake *intake)
{
    return intake->paused.length;
}

size_t intake_held(const struct intake *intake)
{
    return intake->held + ingest_backlog(intake->ingest);
}

bool intake_makes_progress(const struct intake *intake, gint64 limit)
{
    return ingest_pending(intake->ingest) == 0 || g_get_monotonic_time() - intake->progress < limit;
}
