#include "cmd/bounced/http/calls.h"

#include "cmd/bounced/http/clerk.h"
#include "cmd/bounced/http/gate.h"
#include "cmd/bounced/http/http_body.h"
#include "cmd/bounced/http/routes.h"
#include "cmd/bounced/http/routing/http_route.h"
#include "cmd/bounced/log/seldom.h"
#include "cmd/bounced/setup/readable_store.h"
#include "store/token.h"

enum {
    LOOP_CALLS = 256,   /* that wait for the loop at most */
    TENDED_ROWS = 4000, /* some milliseconds */
};

struct calls {
    const struct http_parts *parts;
    struct http_line *done, *loop;
    struct clerk *clerk, *bulk;
    struct front *front;
    struct gate *gate;
    struct readable_store *readable;
    GHashTable *tenants;
    GPtrArray *open; /* of struct http_call *: those with `poll` or `next` */
    struct event *tick, *hungry, *tending;
    struct seldom alert;
};

/* --- the store ---------------------------------------------------------------------------------------------------- */

static void say_failed(struct calls *calls, const GError *error)
{
    if (!seldom_due(&calls->alert, g_get_monotonic_time()))
        return;
    struct journal_entry *entry = journal_begin(calls->parts->journal, LOG_ALERT, "api-failed");
    journal_text(entry, "error", error->message);
    journal_send(entry);
}

/* False, and the answer is a problem, if it cannot be read. */
static bool lend_store(struct calls *calls, struct http_call *call)
{
    call->now = g_get_real_time() / G_USEC_PER_SEC;
    call->store = readable_store_get(calls->readable, &call->error);
    if (call->error != NULL)
        say_failed(calls, call->error);
    if (call->store == NULL)
        http_call_fail(call);
    return call->store != NULL;
}

static void return_store(struct calls *calls, struct http_call *call)
{
    static const struct timeval after = {.tv_usec = 50000};

    call->store = NULL;
    if (call->error != NULL) {
        say_failed(calls, call->error);
        readable_store_failed(calls->readable, call->error);
        http_call_fail(call);
        g_clear_error(&call->error);
    }
    if (evtimer_pending(calls->tending, NULL) == 0)
        evtimer_add(calls->tending, &after);
}

static void on_tending(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    static const struct timeval again = {.tv_usec = 15000};
    struct calls *calls = data;
    struct store *store = readable_store_open(calls->readable);
    bool more = false;

    /* A failure here is told when somebody asks. */
    if (store != NULL && store_tend(store, TENDED_ROWS, &more, NULL) && more)
        evtimer_add(calls->tending, &again);
}

/* --- calls on the thread ------------------------------------------------------------------------------------------ */

static void close_call(struct calls *calls, struct http_call *call)
{
    g_ptr_array_remove_fast(calls->open, call);
    http_call_free(call);
}

/* The next piece is to come, but others have their turn before. */
static void wait_hungry(struct calls *calls, struct http_call *call)
{
    static const struct timeval soon = {.tv_usec = 500};

    call->hungry = true;
    if (evtimer_pending(calls->hungry, NULL) == 0)
        evtimer_add(calls->hungry, &soon);
}

/* Sends what there is more of an answer in pieces. One that failed is broken off: a client must not take it for whole.
 */
static void go_on(struct calls *calls, struct http_call *call)
{
    g_autoptr(GString) piece = g_string_new(NULL);
    enum http_next next = HTTP_NEXT_END;
    bool good = lend_store(calls, call);

    if (good) {
        next = call->next(call, piece);
        good = call->error == NULL;
        return_store(calls, call);
    }
    call->hungry = false;
    call->waits = next == HTTP_NEXT_WAIT || (next == HTTP_NEXT_MORE && piece->len == 0);
    if (good && piece->len > 0)
        front_send(call, piece);
    if (!good)
        front_break(call);
    else if (next == HTTP_NEXT_END)
        front_end(call);
    else if (next == HTTP_NEXT_MORE && call->waits)
        wait_hungry(calls, call);
    if (!good || next == HTTP_NEXT_END)
        close_call(calls, call);
}

static void on_hungry(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct calls *calls = data;

    for (guint i = calls->open->len; i-- > 0;) {
        struct http_call *call = calls->open->pdata[i];

        if (call->hungry && call->wire != NULL)
            go_on(calls, call);
    }
}

/* The function has done its work, or will. */
static void settle(struct calls *calls, struct http_call *call)
{
    if (call->answer.status == 0 && call->poll == NULL)
        http_answer_problem(&call->answer, PROBLEM_INTERNAL, NULL);
    if (call->poll == NULL && call->next == NULL) {
        front_answer(call);
        http_call_free(call);
        return;
    }
    g_ptr_array_add(calls->open, call);
    if (call->poll != NULL)
        return;
    call->waits = call->answer.body->len == 0;
    front_begin(call);
}

static bool put_in_line(struct calls *calls, struct http_call *call)
{
    /* Those whom nobody knows take few of the places. */
    guint most = call->route->right != HTTP_RIGHT_NONE ? CLERK_CALLS : CLERK_CALLS / 8;

    if (call->route->place == HTTP_PLACE_BULK)
        return clerk_give(calls->bulk, call, CLERK_BULK_CALLS);
    return call->route->place == HTTP_PLACE_CLERK ? clerk_give(calls->clerk, call, most)
                                                  : http_line_put(calls->loop, call, LOOP_CALLS);
}

/* In line for another thread. */
static void hand_over(struct calls *calls, struct http_call *call)
{
    return_store(calls, call);
    if (put_in_line(calls, call))
        return;
    http_answer_problem(&call->answer, PROBLEM_UNAVAILABLE, "too many requests wait for the store");
    settle(calls, call);
}

static void run_reader(struct calls *calls, struct http_call *call)
{
    call->route->run(call);
    if (call->onward != NULL && call->answer.status == 0 && call->error == NULL) {
        hand_over(calls, call);
        return;
    }
    return_store(calls, call);
    settle(calls, call);
}

static void refuse_route(struct http_call *call, enum http_route_result result, const GString *allowed)
{
    static const enum problem problems[] = {
        [HTTP_ROUTE_NOT_FOUND] = PROBLEM_NOT_FOUND,
        [HTTP_ROUTE_NOT_ALLOWED] = PROBLEM_METHOD_NOT_ALLOWED,
        [HTTP_ROUTE_BAD] = PROBLEM_BAD_REQUEST,
    };

    http_answer_problem(&call->answer, problems[result], result == HTTP_ROUTE_BAD ? "the path is no text" : NULL);
    if (result == HTTP_ROUTE_NOT_ALLOWED)
        http_answer_field(&call->answer, "Allow", allowed->str);
}

static void note_use(struct http_call *call)
{
    if (store_token_used(call->store, call->grant.name, call->now, &call->error))
        http_answer_begin(&call->answer, 204, NULL);
}

/* By a call of our own, that no client waits for. */
static void note_token(struct calls *calls, const struct http_call *call)
{
    static const struct http_route route = {.place = HTTP_PLACE_CLERK, .run = note_use};
    struct http_call *note = http_call_new(calls->front, NULL);

    note->route = &route;
    note->grant.name = g_strdup(call->grant.name);
    if (!clerk_give(calls->clerk, note, CLERK_CALLS))
        http_call_free(note);
}

/* Has it a token with the right? Then it has the store, too. */
static bool pass(struct calls *calls, struct http_call *call)
{
    bool first = false;
    bool passes = lend_store(calls, call) && gate_pass(calls->gate, call, &first);

    if (first)
        note_token(calls, call);
    if (!passes)
        return_store(calls, call);
    return passes;
}

/* Is it to be run? */
static bool admit(struct calls *calls, struct http_call *call, unsigned services)
{
    g_autoptr(GString) allowed = g_string_new(NULL);
    enum http_route_result result = http_route_find(http_routes, services, call, allowed);

    if (result != HTTP_ROUTE_FOUND) {
        refuse_route(call, result, allowed);
        return false;
    }
    if (call->problem != NULL) {
        http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, call->problem);
        return false;
    }
    if (call->route->right != HTTP_RIGHT_NONE && !pass(calls, call))
        return false;
    if (http_body_length(call) <= call->route->body_max) {
        if (call->route->place != HTTP_PLACE_BULK)
            http_body_take(call);
        return true;
    }
    return_store(calls, call);
    http_answer_problem(&call->answer, PROBLEM_TOO_LARGE, NULL);
    return false;
}

static void take(void *data, struct http_call *call, unsigned services)
{
    struct calls *calls = data;

    call->tenants = g_hash_table_ref(calls->tenants);
    call->parts = calls->parts;
    if (!admit(calls, call, services))
        settle(calls, call);
    else if (call->route->place == HTTP_PLACE_READER)
        run_reader(calls, call);
    else
        hand_over(calls, call);
}

static void taken(void *data, struct http_call *call)
{
    if (!call->waits)
        go_on(data, call);
}

/* Those whose client is gone go; the others are asked whether there is something now. */
static void on_tick(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct calls *calls = data;

    for (guint i = calls->open->len; i-- > 0;) {
        struct http_call *call = calls->open->pdata[i];

        if (call->wire == NULL) {
            close_call(calls, call);
        } else if (call->poll != NULL) {
            bool answered = !lend_store(calls, call) || call->poll(call);
            return_store(calls, call);
            if (!answered && call->answer.status == 0)
                continue;
            call->poll = NULL;
            g_ptr_array_remove_index_fast(calls->open, i);
            settle(calls, call);
        } else if (call->waits) {
            go_on(calls, call);
        }
    }
}

static void on_done(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct calls *calls = data;
    struct http_call *call;

    while ((call = http_line_take(calls->done)) != NULL)
        settle(calls, call);
}

/* --- its life ---------------------------------------------------------------------------------------------------- */

struct calls *calls_new(struct event_base *base, const struct http_parts *parts, struct http_line *loop)
{
    static const struct timeval tick = {.tv_usec = (suseconds_t)HTTP_TICK * 1000};
    struct calls *calls = g_new0(struct calls, 1);
    const struct front_watcher watcher = {calls, take, taken};

    calls->parts = parts;
    calls->loop = loop;
    calls->alert.period = SELDOM_MINUTE;
    calls->front = front_new(base, &watcher);
    calls->gate = gate_new(parts->setup->config);
    calls->readable = readable_store_new(parts->setup->config->store_path);
    calls->tenants = config_copy_tenants(parts->setup->config);
    calls->open = g_ptr_array_new();
    calls->tick = event_new(base, -1, EV_PERSIST, on_tick, calls);
    calls->hungry = evtimer_new(base, on_hungry, calls);
    calls->tending = evtimer_new(base, on_tending, calls);
    event_add(calls->tick, &tick);
    calls->done = http_line_new();
    http_line_watch(calls->done, base, on_done, calls);
    calls->clerk = clerk_new(parts->ingest, calls->done);
    calls->bulk = clerk_new(parts->ingest, calls->done);
    return calls;
}

void calls_free(struct calls *calls)
{
    clerk_free(calls->clerk);
    clerk_free(calls->bulk);
    on_done(-1, 0, calls); /* those that waited for it are answered */
    front_free(calls->front);
    for (guint i = 0; i < calls->open->len; i++)
        http_call_free(calls->open->pdata[i]);
    g_ptr_array_unref(calls->open);
    http_line_free(calls->done);
    event_free(calls->tick);
    event_free(calls->hungry);
    event_free(calls->tending);
    gate_free(calls->gate);
    readable_store_free(calls->readable);
    g_hash_table_unref(calls->tenants);
    g_free(calls);
}

struct front *calls_front(struct calls *calls)
{
    return calls->front;
}

void calls_reload(struct calls *calls)
{
    g_hash_table_unref(calls->tenants);
    calls->tenants = config_copy_tenants(calls->parts->setup->config);
    gate_reload(calls->gate, calls->parts->setup->config);
}

struct http_line *calls_done(struct calls *calls)
{
    return calls->done;
}
