#include "cmd/bounced/http/api/following.h"

#include <string.h>

#include "cmd/bounced/http/api/tenancy.h"
#include "cmd/bounced/http/http_parts.h"
#include "reports/feed_event.h"

#define NOW "now"

enum { ROWS = 1000 }; /* of a part, whatever it gives: some milliseconds */

/* --- by the request ----------------------------------------------------------------------------------------------- */

static bool refuse(struct http_call *call, const char *name, const char *why)
{
    g_autofree char *detail = g_strdup_printf("%s: %s", name, why);

    http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, detail);
    return false;
}

static bool read_interest(struct http_call *call, struct interest *interest)
{
    for (const char *const *name = interest_names; *name != NULL; name++) {
        const char *words = http_request_argument(&call->request, *name);
        g_autofree char *unknown = NULL;

        if (words == NULL || interest_read(interest, *name, words, &unknown))
            continue;
        g_autofree char *why = g_strdup_printf("\"%s\" names nothing", unknown != NULL ? unknown : "");
        return refuse(call, *name, why);
    }
    return true;
}

/* May the token's tenant ask for all of them? */
static bool may_ask(struct http_call *call, const struct interest *interest)
{
    struct store_asker asker;

    for (guint i = 0; interest->streams != NULL && i < interest->streams->len; i++) {
        if (!tenancy_ask(call, interest->streams->pdata[i], NULL, &asker))
            return false;
    }
    for (guint i = 0; interest->tenants != NULL && i < interest->tenants->len; i++) {
        if (!tenancy_ask(call, NULL, interest->tenants->pdata[i], &asker))
            return false;
    }
    return true;
}

bool following_begin(struct http_call *call, struct following *following, const char *after)
{
    following->type = g_string_new(NULL);
    following->json = g_string_new(NULL);
    if (!read_interest(call, &following->interest) || !may_ask(call, &following->interest))
        return false;
    if (after == NULL)
        return true;
    if (strcmp(after, NOW) == 0)
        return store_position_end(call->store, &following->position, &call->error);
    return store_position_parse(after, &following->position) || refuse(call, "after", "this is no cursor");
}

void following_clear(struct following *following)
{
    following_close(following);
    interest_clear(&following->interest);
    g_string_free(following->type, TRUE);
    g_string_free(following->json, TRUE);
}

/* --- a part ------------------------------------------------------------------------------------------------------- */

static bool is_gone(struct http_call *call)
{
    if (!g_error_matches(call->error, STORE_ERROR, STORE_ERROR_GONE))
        return false;
    http_answer_problem(&call->answer, PROBLEM_CURSOR_EXPIRED, "take the whole list, and go on from there");
    g_clear_error(&call->error);
    return true;
}

bool following_open(struct http_call *call, struct following *following)
{
    static const struct store_filter all = {0};
    const struct store_tail_settings settings = {
        .filter = &all,
        .events = announcement_wants_reports(&following->interest.types),
        .changes = announcement_wants_changes(&following->interest.types),
        .position = &following->position,
    };

    following->tail = store_tail_new(call->store, &settings, &call->error);
    following->rows = 0;
    following->ended = false;
    if (following->tail == NULL) {
        is_gone(call);
        return false;
    }
    store_tail_position(following->tail, &following->position); /* the beginning is at another place with the time */
    return true;
}

static bool is_told(const struct http_call *call, const struct store_tail_item *item)
{
    const struct audience audience = tenancy_audience(call);

    return item->event != NULL ? audience_hears(&audience, item->event) : audience_owns(&audience, item->change->scope);
}

static void take(const struct http_call *call, struct following *following, const struct store_tail_item *item)
{
    const struct audience audience = tenancy_audience(call);
    struct store_tail_item told = *item;
    struct stored_event event;
    g_autofree char *type = item->event != NULL ? announcement_type_of_event(item->event)
                                                : g_strdup(announcement_type_of_change(item->change));

    if (item->event != NULL) {
        event = *item->event;
        audience_hide_event(&audience, &event);
        told.event = &event;
    }
    g_string_assign(following->type, type);
    g_string_truncate(following->json, 0);
    feed_event_append(following->json, call->parts->key, &told);
}

/* Nothing came, or nothing has come meanwhile. */
static void end(struct http_call *call, struct following *following)
{
    if (call->error == NULL) {
        store_tail_position(following->tail, &following->position);
        following->ended = following->rows == 0 || !store_tail_stirred(following->tail);
    } else {
        is_gone(call);
    }
    following_close(following);
}

bool following_next(struct http_call *call, struct following *following)
{
    struct store_tail_item item;

    while (following->rows < ROWS) {
        if (!store_tail_next(following->tail, &item, &call->error)) {
            end(call, following);
            return false;
        }
        following->rows++;
        store_tail_position(following->tail, &following->position);
        if (is_told(call, &item) && interest_wants(&following->interest, call->tenants, &item)) {
            take(call, following, &item);
            return true;
        }
    }
    following_close(following);
    return false;
}

void following_close(struct following *following)
{
    g_clear_pointer(&following->tail, store_tail_free);
}
