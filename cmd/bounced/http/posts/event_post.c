#include "cmd/bounced/http/posts/event_post.h"

#include "cmd/bounced/http/http_parts.h"
#include "cmd/bounced/http/posts/event_body.h"
#include "cmd/bounced/peers/posting.h"
#include "cmd/bounced/peers/receiver.h"
#include "parser/return_path.h"
#include "reports/json.h"
#include "store/stored.h"

/* --- the answer --------------------------------------------------------------------------------------------------- */

static void append_refused(GString *out, const struct event_item *item)
{
    g_string_append_printf(out, "{\"problem\":\"/problems/%s\",\"detail\":", problem_kinds[item->problem].name);
    json_text(out, item->detail);
    g_string_append_c(out, '}');
}

/* Those that are there were stored, in the order of the items that were not refused; `messages` may be NULL. */
static void answer_items(struct http_call *call, const struct event_body *body, const GPtrArray *messages)
{
    GString *out = call->answer.body;
    guint refused = 0, next = 0;

    http_answer_begin(&call->answer, 200, "application/json");
    g_string_append(out, "{\"items\":[");
    for (guint i = 0; i < body->items->len; i++) {
        const struct event_item *item = &g_array_index(body->items, struct event_item, i);

        if (i > 0)
            g_string_append_c(out, ',');
        if (item->detail != NULL) {
            append_refused(out, item);
            refused++;
        } else {
            const struct ingest_message *message = messages->pdata[next++];
            g_string_append_printf(out, "{\"digest\":\"%s\"}", message->digest);
        }
    }
    g_string_append_printf(out, "],\"refused\":%u}\n", refused);
}

/* One event that came alone is answered by its own problem. */
static void answer(struct http_call *call, const struct event_body *body, const GPtrArray *messages)
{
    const struct event_item *first = &g_array_index(body->items, struct event_item, 0);

    if (body->alone && first->detail != NULL)
        http_answer_problem(&call->answer, first->problem, first->detail);
    else
        answer_items(call, body, messages);
}

/* --- on the loop -------------------------------------------------------------------------------------------------- */

/* False if one of them was not stored: all of them are to come again. A conflict is the program's own fault. */
static bool take_outcomes(struct event_body *body, GPtrArray *messages)
{
    guint next = 0;

    for (guint i = 0; i < body->items->len; i++) {
        struct event_item *item = &g_array_index(body->items, struct event_item, i);
        const struct ingest_message *message = item->detail == NULL ? messages->pdata[next] : NULL;

        if (item->detail != NULL)
            continue;
        if (message == NULL || message->outcome == INGEST_OUTCOME_FAILED)
            return false;
        if (message->outcome == INGEST_OUTCOME_CONFLICT) {
            event_item_refuse(item, PROBLEM_CONFLICT,
                              g_strdup("another event was posted by this id or Idempotency-Key"));
            g_ptr_array_remove_index(messages, next);
        } else {
            next++;
        }
    }
    return true;
}

static void on_ended(struct posting *posting)
{
    struct http_call *call = posting->owner;
    struct event_body *body = call->state;

    if (take_outcomes(body, posting->messages))
        answer(call, body, posting->messages);
    else
        http_answer_problem(&call->answer, PROBLEM_UNAVAILABLE, "not all could be stored; post all of them again");
    posting_free(posting);
    call->parts->end(call->parts->http, call);
}

static void add_message(const struct http_call *call, struct posting *posting, struct event_item *item)
{
    struct ingest_message *message = ingest_message_new(store_door_names[STORE_DOOR_API], call->now);

    message->testimony = g_steal_pointer(&item->testimony);
    g_string_assign(message->bytes, item->text);
    g_clear_pointer(&item->text, g_free);
    posting_add(posting, message);
}

/* The config is the loop's. */
static void refuse_own(const struct http_call *call, struct event_item *item)
{
    const GPtrArray *paths = call->parts->setup->config->return_paths;

    if (item->detail == NULL && return_path_find(paths, item->testimony->observation.recipient) != NULL)
        event_item_refuse(item, PROBLEM_INVALID_ADDRESS, g_strdup("the recipient is one of our own addresses"));
}

static void post(struct http_call *call)
{
    struct event_body *body = call->state;
    struct posting *posting = posting_new(call->client, call->listener, call->grant.name);

    posting->owner = call;
    posting->ended = on_ended;
    for (guint i = 0; i < body->items->len; i++) {
        struct event_item *item = &g_array_index(body->items, struct event_item, i);

        refuse_own(call, item);
        if (item->detail == NULL)
            add_message(call, posting, item);
    }
    call->kept = posting->messages->len > 0 && receiver_post(call->parts->receiver, posting);
    if (call->kept)
        return;
    if (posting->messages->len == 0)
        answer(call, body, posting->messages);
    else
        http_answer_problem(&call->answer, PROBLEM_UNAVAILABLE, "there is no room for more just now");
    posting_free(posting);
}

/* --- on the service's thread -------------------------------------------------------------------------------------- */

static void free_body(void *body)
{
    event_body_free(body);
}

void event_post(struct http_call *call)
{
    struct event_body *body = event_body_read(call);

    if (body == NULL)
        return;
    g_string_free(call->request.body, TRUE); /* the items have copies, and may wait long for their commit */
    call->request.body = g_string_new(NULL);
    call->state = body;
    call->free_state = free_body;
    call->onward = post;
}
