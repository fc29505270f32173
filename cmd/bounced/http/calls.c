#include "cmd/bounced/http/calls.h"

#include "cmd/bounced/http/clerk.h"
#include "cmd/bounced/http/gate.h"
#include "cmd/bounced/http/http_body.h"
#include "cmd/bounced/http/lender.h"
#include "cmd/bounced/http/ongoing.h"
#include "cmd/bounced/http/routes.h"
#include "cmd/bounced/http/routing/http_route.h"
#include "store/token.h"

enum { LOOP_CALLS = 256 }; /* that wait for the loop at most */

struct calls {
    const struct http_parts *parts;
    struct http_line *done, *loop;
    struct clerk *clerk, *bulk;
    struct front *front;
    struct gate *gate;
    struct lender *lender;
    struct ongoing *ongoing;
    struct traffic *traffic;
    GHashTable *tenants;
};

/* The function has done its work, or will. */
static void settle(struct calls *calls, struct http_call *call)
{
    if (call->answer.status == 0 && call->poll == NULL)
        http_answer_problem(&call->answer, PROBLEM_INTERNAL, NULL);
    bool whole = call->poll == NULL && (call->next == NULL || front_wants_head(call));
    if (!whole && ongoing_take(calls->ongoing, call))
        return;
    front_answer(call);
    http_call_free(call);
}

/* There is none any more when the service ends. */
static bool give_clerk(struct clerk *clerk, struct http_call *call, guint most)
{
    return clerk != NULL && clerk_give(clerk, call, most);
}

static bool put_in_line(struct calls *calls, struct http_call *call)
{
    /* Those whom nobody knows take few of the places. */
    guint most = call->route->right != HTTP_RIGHT_NONE ? CLERK_CALLS : CLERK_CALLS / 8;

    if (call->route->place == HTTP_PLACE_BULK)
        return give_clerk(calls->bulk, call, CLERK_BULK_CALLS);
    return call->route->place == HTTP_PLACE_CLERK ? give_clerk(calls->clerk, call, most)
                                                  : http_line_put(calls->loop, call, LOOP_CALLS);
}

/* In line for another thread. */
static void hand_over(struct calls *calls, struct http_call *call)
{
    lender_take_back(calls->lender, call);
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
    lender_take_back(calls->lender, call);
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
    if (!give_clerk(calls->clerk, note, CLERK_CALLS))
        http_call_free(note);
}

/* Has it a token with the right? Then it has the store, too. */
static bool pass(struct calls *calls, struct http_call *call)
{
    bool first = false;
    bool passes = lender_lend(calls->lender, call) && gate_pass(calls->gate, call, &first);

    if (first)
        note_token(calls, call);
    if (!passes)
        lender_take_back(calls->lender, call);
    return passes;
}

/* Is a body there that the route takes? A little that becomes very much would be one client's way to fill memory. */
static bool body_is_good(struct http_call *call)
{
    const char *encoding = call->request.fields[HTTP_FIELD_CONTENT_ENCODING];

    if (http_body_length(call) > call->route->body_max) {
        http_answer_problem(&call->answer, PROBLEM_TOO_LARGE, NULL);
        return false;
    }
    if (call->route->body_max == 0 || encoding == NULL || g_ascii_strcasecmp(encoding, "identity") == 0)
        return true;
    http_answer_problem(&call->answer, PROBLEM_UNSUPPORTED_TYPE, "a body that is compressed is not taken");
    return false;
}

/* An argument that is misspelt must not be as if it were absent. */
static bool is_good(struct http_call *call)
{
    const char *stranger = http_route_stranger(call->route, &call->request);

    if (stranger == NULL)
        return body_is_good(call);
    g_autofree char *detail = g_strdup_printf("%s: there is no such argument", stranger);
    http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, detail);
    return false;
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
        /* Others before us may have taken another part of what came for the request. */
        http_answer_field(&call->answer, "Connection", "close");
        return false;
    }
    if (call->route->right != HTTP_RIGHT_NONE && !pass(calls, call))
        return false;
    if (!is_good(call)) {
        lender_take_back(calls->lender, call);
        return false;
    }
    if (call->route->place != HTTP_PLACE_BULK)
        http_body_take(call);
    return true;
}

static void take(void *data, struct http_call *call, unsigned services)
{
    struct calls *calls = data;

    call->tenants = g_hash_table_ref(calls->tenants);
    call->parts = calls->parts;
    ongoing_give_way(calls->ongoing);
    if (!admit(calls, call, services))
        settle(calls, call);
    else if (call->route->place == HTTP_PLACE_READER)
        run_reader(calls, call);
    else
        hand_over(calls, call);
}

static void taken(void *data, struct http_call *call)
{
    struct calls *calls = data;

    ongoing_taken(calls->ongoing, call);
}

static void answered(void *data, const struct http_call *call)
{
    struct calls *calls = data;

    traffic_count(calls->traffic, call->route, &call->answer);
}

static void on_done(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct calls *calls = data;
    struct http_call *call;

    while ((call = http_line_take(calls->done)) != NULL) {
        lender_tell(calls->lender, call->error);
        settle(calls, call);
    }
}

/* --- its life ---------------------------------------------------------------------------------------------------- */

struct calls *calls_new(struct event_base *base, const struct http_parts *parts, struct http_line *loop)
{
    struct calls *calls = g_new0(struct calls, 1);
    const struct front_watcher watcher = {calls, take, answered, taken};

    calls->parts = parts;
    calls->loop = loop;
    calls->front = front_new(base, &watcher);
    calls->gate = gate_new(parts->setup->config);
    calls->lender = lender_new(base, parts);
    calls->traffic = traffic_new(http_routes);
    calls->ongoing = ongoing_new(base, calls->lender, calls->traffic);
    calls->tenants = config_copy_tenants(parts->setup->config);
    ongoing_reload(calls->ongoing, (guint)parts->setup->config->api_token_waits, calls->tenants);
    calls->done = http_line_new();
    http_line_watch(calls->done, base, on_done, calls);
    calls->clerk = clerk_new(parts->ingest, calls->done);
    calls->bulk = clerk_new(parts->ingest, calls->done);
    return calls;
}

void calls_stop(struct calls *calls)
{
    ongoing_stop(calls->ongoing);
}

void calls_finish(struct calls *calls)
{
    calls_stop(calls);
    g_clear_pointer(&calls->clerk, clerk_free);
    g_clear_pointer(&calls->bulk, clerk_free);
    on_done(-1, 0, calls);
}

bool calls_unsent(const struct calls *calls)
{
    return front_unsent(calls->front);
}

void calls_free(struct calls *calls)
{
    front_free(calls->front);
    ongoing_free(calls->ongoing);
    traffic_free(calls->traffic);
    http_line_free(calls->done);
    gate_free(calls->gate);
    lender_free(calls->lender);
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
    ongoing_reload(calls->ongoing, (guint)calls->parts->setup->config->api_token_waits, calls->tenants);
    gate_reload(calls->gate, calls->parts->setup->config);
}

const struct traffic *calls_traffic(const struct calls *calls)
{
    return calls->traffic;
}

struct http_line *calls_done(struct calls *calls)
{
    return calls->done;
}
