#include "cmd/bounced/http/ongoing.h"

#include "cmd/bounced/http/front.h"
#include "cmd/bounced/http/gate.h"

enum {
    TICK = 50000,              /* microseconds: so often it is looked whether the store was written to */
    TURN = 1000,               /* likewise: then others have their turn */
    TAKING = 60 * 1000 * 1000, /* likewise: a piece for one who waits for what comes has to be taken by then */
    MENDING = 1000 * 1000,     /* likewise: a store that fails is tried again */
};

/* Of an ongoing call. `due` is when its patience is over, but of those that send, when the piece has to be taken. */
enum stage {
    STAGE_HUNGRY,     /* its turn is to come */
    STAGE_WAITS,      /* for the store */
    STAGE_SENDS,      /* its client takes a piece; then it is hungry */
    STAGE_SENDS_LAST, /* likewise; then it waits */
};

struct ongoing {
    struct lender *lender;
    struct traffic *traffic;
    guint token_waits;
    bool stopping;
    bool gives_way;  /* others came since the last turn */
    GPtrArray *open; /* of struct http_call * */
    GQueue hungry;   /* those in STAGE_HUNGRY, the next one first */
    struct event *turn, *tick;
};

static bool is_patient(const struct http_call *call)
{
    return call->patience != 0;
}

static void await(struct http_call *call)
{
    call->stage = STAGE_WAITS;
    call->due = g_get_monotonic_time() + (gint64)call->patience * 1000;
}

static void schedule(struct ongoing *ongoing, gint64 microseconds)
{
    const struct timeval after = {microseconds / G_USEC_PER_SEC, microseconds % G_USEC_PER_SEC};

    evtimer_add(ongoing->turn, &after);
}

static void feed(struct ongoing *ongoing, struct http_call *call)
{
    call->stage = STAGE_HUNGRY;
    g_queue_push_tail(&ongoing->hungry, call);
    if (evtimer_pending(ongoing->turn, NULL) == 0)
        schedule(ongoing, 0);
}

static enum traffic_gauge gauge_of(const struct http_call *call)
{
    return call->poll != NULL ? TRAFFIC_WAITING : TRAFFIC_STREAMS;
}

/* Of one that has no turn to come. */
static void drop(struct ongoing *ongoing, struct http_call *call)
{
    if (is_patient(call))
        traffic_add(ongoing->traffic, gauge_of(call), -1);
    g_ptr_array_remove_fast(ongoing->open, call);
    http_call_free(call);
    if (ongoing->open->len == 0)
        event_del(ongoing->tick);
}

/* --- turns -------------------------------------------------------------------------------------------------------- */

static void turn_poll(struct ongoing *ongoing, struct http_call *call)
{
    enum http_next next = HTTP_NEXT_END;

    if (lender_lend(ongoing->lender, call)) {
        if (gate_holds(call))
            next = call->poll(call);
        lender_take_back(ongoing->lender, call);
    }
    if (call->answer.status == 0 && next == HTTP_NEXT_MORE) {
        feed(ongoing, call);
    } else if (call->answer.status == 0 && next == HTTP_NEXT_WAIT) {
        call->stage = STAGE_WAITS;
    } else {
        front_answer(call);
        drop(ongoing, call);
    }
}

/* The piece that is to come, which may be empty, and what comes after it. */
static enum http_next take_piece(struct ongoing *ongoing, struct http_call *call, GString *piece, bool *good)
{
    enum http_next next = HTTP_NEXT_WAIT;

    *good = lender_lend(ongoing->lender, call);
    if (*good && is_patient(call) && !gate_holds(call))
        next = HTTP_NEXT_END; /* its token is revoked */
    else if (*good || call->late)
        next = call->next(call, piece);
    *good = lender_take_back(ongoing->lender, call) && *good;
    return next == HTTP_NEXT_WAIT && ongoing->stopping ? HTTP_NEXT_END : next;
}

static void send_piece(struct http_call *call, const GString *piece, enum http_next next)
{
    front_send(call, piece);
    call->stage = next == HTTP_NEXT_MORE ? STAGE_SENDS : STAGE_SENDS_LAST;
    call->due = g_get_monotonic_time() + TAKING;
}

/* An answer that fails is broken off: a client must not take it for whole. But one who waits for what comes goes on
 * when the store can be read again. */
static void turn_piece(struct ongoing *ongoing, struct http_call *call)
{
    g_autoptr(GString) piece = g_string_new(NULL);
    bool good;
    enum http_next next = take_piece(ongoing, call, piece, &good);

    if (!good && !is_patient(call)) {
        front_break(call);
        drop(ongoing, call);
    } else if (next == HTTP_NEXT_END) {
        front_send(call, piece);
        front_end(call);
        drop(ongoing, call);
    } else if (piece->len > 0) {
        send_piece(call, piece, next);
    } else if (next == HTTP_NEXT_MORE) {
        feed(ongoing, call);
    } else {
        call->stage = STAGE_WAITS;
        if (!good)
            call->due = g_get_monotonic_time() + MENDING;
    }
}

static void on_turn(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct ongoing *ongoing = data;
    gint64 start = g_get_monotonic_time(), now = start;
    struct http_call *call;

    while (now - start < TURN && (call = g_queue_pop_head(&ongoing->hungry)) != NULL) {
        call->late = is_patient(call) && (ongoing->stopping || now >= call->due);
        if (call->wire == NULL)
            drop(ongoing, call);
        else if (call->poll != NULL)
            turn_poll(ongoing, call);
        else
            turn_piece(ongoing, call);
        now = g_get_monotonic_time();
    }
    if (ongoing->hungry.length > 0)
        schedule(ongoing, ongoing->gives_way ? now - start : 0);
    ongoing->gives_way = false;
}

/* --- between turns ------------------------------------------------------------------------------------------------ */

static void look(struct ongoing *ongoing, struct http_call *call, bool stirred, gint64 now)
{
    bool due = is_patient(call) && now >= call->due;

    if (call->stage == STAGE_HUNGRY)
        return;
    if (call->wire == NULL) {
        drop(ongoing, call);
    } else if (call->stage == STAGE_WAITS) {
        if (stirred || due)
            feed(ongoing, call);
    } else if (due) {
        front_break(call);
        drop(ongoing, call);
    }
}

static void on_tick(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct ongoing *ongoing = data;
    bool stirred = lender_stirred(ongoing->lender);
    gint64 now = g_get_monotonic_time();

    for (guint i = ongoing->open->len; i-- > 0;)
        look(ongoing, ongoing->open->pdata[i], stirred, now);
}

void ongoing_give_way(struct ongoing *ongoing)
{
    ongoing->gives_way = true;
}

void ongoing_taken(struct ongoing *ongoing, struct http_call *call)
{
    bool last = call->stage == STAGE_SENDS_LAST;

    await(call);
    if (!last || ongoing->stopping)
        feed(ongoing, call);
}

/* --- coming and going --------------------------------------------------------------------------------------------- */

static bool has_place(const struct ongoing *ongoing, struct http_call *call)
{
    guint patient = 0, of_token = 0;

    for (guint i = 0; i < ongoing->open->len; i++) {
        const struct http_call *other = ongoing->open->pdata[i];

        patient += is_patient(other);
        of_token += is_patient(other) && g_strcmp0(other->grant.name, call->grant.name) == 0;
    }
    if (of_token >= ongoing->token_waits)
        http_answer_problem(&call->answer, PROBLEM_TOO_MANY_REQUESTS, "as many requests of this token wait as may");
    else if (patient >= ONGOING_PATIENT)
        http_answer_problem(&call->answer, PROBLEM_TOO_MANY_WAIT, NULL);
    else
        return true;
    return false;
}

bool ongoing_take(struct ongoing *ongoing, struct http_call *call)
{
    static const struct timeval tick = {.tv_usec = TICK};

    if (is_patient(call) && !has_place(ongoing, call))
        return false;
    if (is_patient(call))
        traffic_add(ongoing->traffic, gauge_of(call), 1);
    if (ongoing->open->len == 0)
        event_add(ongoing->tick, &tick);
    g_ptr_array_add(ongoing->open, call);
    await(call);
    (call->poll != NULL ? front_watch : front_begin)(call);
    if (call->poll != NULL || call->answer.body->len == 0)
        feed(ongoing, call);
    else
        send_piece(call, call->answer.body, HTTP_NEXT_MORE);
    return true;
}

void ongoing_stop(struct ongoing *ongoing)
{
    ongoing->stopping = true;
    for (guint i = 0; i < ongoing->open->len; i++) {
        struct http_call *call = ongoing->open->pdata[i];

        if (call->stage == STAGE_WAITS)
            feed(ongoing, call);
    }
}

void ongoing_reload(struct ongoing *ongoing, guint token_waits, GHashTable *tenants)
{
    ongoing->token_waits = token_waits;
    for (guint i = 0; i < ongoing->open->len; i++) {
        struct http_call *call = ongoing->open->pdata[i];

        g_hash_table_unref(call->tenants);
        call->tenants = g_hash_table_ref(tenants);
    }
}

/* --- its life ----------------------------------------------------------------------------------------------------- */

struct ongoing *ongoing_new(struct event_base *base, struct lender *lender, struct traffic *traffic)
{
    struct ongoing *ongoing = g_new0(struct ongoing, 1);

    ongoing->lender = lender;
    ongoing->traffic = traffic;
    ongoing->open = g_ptr_array_new();
    ongoing->turn = evtimer_new(base, on_turn, ongoing);
    ongoing->tick = event_new(base, -1, EV_PERSIST, on_tick, ongoing);
    return ongoing;
}

void ongoing_free(struct ongoing *ongoing)
{
    if (ongoing == NULL)
        return;
    for (guint i = 0; i < ongoing->open->len; i++)
        http_call_free(ongoing->open->pdata[i]);
    g_ptr_array_unref(ongoing->open);
    g_queue_clear(&ongoing->hungry);
    event_free(ongoing->turn);
    event_free(ongoing->tick);
    g_free(ongoing);
}
