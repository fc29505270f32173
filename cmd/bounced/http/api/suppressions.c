#include "cmd/bounced/http/api/suppressions.h"

#include <string.h>

#include "cmd/bounced/http/api/body.h"
#include "cmd/bounced/http/api/tenancy.h"
#include "cmd/bounced/http/routing/http_tag.h"
#include "reports/json.h"
#include "store/entry_key.h"
#include "store/store.h"

/* An address that is none is the client's fault, not the store's. */
static bool is_refused(struct http_call *call)
{
    if (!g_error_matches(call->error, STORE_ERROR, STORE_ERROR_ADDRESS))
        return false;
    http_answer_problem(&call->answer, PROBLEM_INVALID_ADDRESS, call->error->message);
    g_clear_error(&call->error);
    return true;
}

/* --- what there is ------------------------------------------------------------------------------------------------ */

struct found {
    GString *entries; /* JSON, with commas between them */
    bool suppressed;
};

static void keep(const struct http_call *call, struct suppression entry, struct found *found)
{
    const struct audience audience = tenancy_audience(call);

    audience_hide(&audience, &entry);
    if (found->entries->len > 0)
        g_string_append_c(found->entries, ',');
    json_suppression(found->entries, &entry);
    found->suppressed = found->suppressed || entry.wave == 0;
}

static bool find_applying(struct http_call *call, struct found *found)
{
    const struct http_request *request = &call->request;
    struct store_asker asker;
    struct store_answer answer;

    if (!tenancy_ask(call, http_request_argument(request, "stream"), http_request_argument(request, "tenant"), &asker))
        return false;
    if (!store_look_up(call->store, request->parameters[0], &asker, call->now, &answer, &call->error)) {
        is_refused(call);
        return false;
    }
    for (guint i = 0; i < answer.n; i++)
        keep(call, answer.entries[i], found);
    return true;
}

/* Of the subject itself, in `scope` (NULL: any that the token may see). */
static bool find_own(struct http_call *call, const char *scope, struct found *found)
{
    const struct store_filter filter = {.recipient = call->request.parameters[0], .scope = scope};
    const struct audience audience = tenancy_audience(call);
    g_autoptr(StoreCursor) cursor = store_suppressions(call->store, &filter, call->now, &call->error);
    struct suppression entry;

    while (cursor != NULL && store_next_suppression(cursor, &entry, &call->error)) {
        if (audience_owns(&audience, entry.scope) || entry_scope_key(entry.scope)[0] == '\0')
            keep(call, entry, found);
    }
    return call->error == NULL || (is_refused(call), false);
}

/* The first condition that does not hold; false, and the answer says so. */
static bool conditions_hold(struct http_call *call, const char *tag)
{
    const char *match = call->request.fields[HTTP_FIELD_IF_MATCH];
    const char *none = call->request.fields[HTTP_FIELD_IF_NONE_MATCH];

    if ((match == NULL || http_tag_matches(match, tag, false)) && (none == NULL || !http_tag_matches(none, tag, true)))
        return true;
    http_answer_problem(&call->answer, PROBLEM_PRECONDITION_FAILED,
                        tag != NULL ? "the entry is another one now" : "there is no such entry");
    return false;
}

static void answer_found(struct http_call *call, const struct found *found)
{
    const char *none = call->request.fields[HTTP_FIELD_IF_NONE_MATCH];
    g_autofree char *tag = http_tag_of(found->entries->str, found->entries->len);
    bool known = none != NULL && http_tag_matches(none, tag, true);

    http_answer_begin(&call->answer, known ? 304 : 200, known ? NULL : "application/json");
    http_answer_field(&call->answer, "ETag", tag);
    if (!known)
        g_string_append_printf(call->answer.body, "{\"suppressed\":%s,\"entries\":[%s]}\n",
                               found->suppressed ? "true" : "false", found->entries->str);
}

void suppressions_get(struct http_call *call)
{
    const char *text = http_request_argument(&call->request, "scope");
    bool of_address = entry_subject_kind(call->request.parameters[0]) == ENTRY_SUBJECT_ADDRESS;
    g_autofree char *scope = text != NULL ? tenancy_scope(call, text) : NULL;
    g_autoptr(GString) entries = g_string_new(NULL);
    struct found found = {entries, false};

    if (text != NULL && scope == NULL)
        return;
    if (!(text == NULL && of_address ? find_applying(call, &found) : find_own(call, scope, &found)))
        return;
    if (entries->len > 0)
        answer_found(call, &found);
    else
        http_answer_problem(&call->answer, PROBLEM_NOT_FOUND, "no entry of the list applies");
}

/* --- changing it -------------------------------------------------------------------------------------------------- */

/* The order of a request, whose scope the caller frees; and the tag of the entry that there is. */
struct change_order {
    struct store_order order;
    char *scope;
    char *tag; /* NULL: there is none */
};

static void clear_order(struct change_order *change)
{
    g_free(change->scope);
    g_free(change->tag);
}

/* The entry as it is now, as JSON; NULL if there is none, or it cannot be read. */
static char *read_entry(struct http_call *call, const char *scope)
{
    g_autoptr(GString) entries = g_string_new(NULL);
    struct found found = {entries, false};

    if (!find_own(call, scope, &found) || entries->len == 0)
        return NULL;
    return g_string_free(g_steal_pointer(&entries), FALSE);
}

/* False, and the answer is a problem, unless it may be followed. */
static bool take_order(struct http_call *call, struct change_order *change)
{
    g_autofree char *entry = NULL;

    change->scope = tenancy_scope(call, http_request_argument(&call->request, "scope"));
    if (change->scope == NULL)
        return false;
    entry = read_entry(call, change->scope);
    if (call->error != NULL || call->answer.status != 0)
        return false;
    change->tag = entry != NULL ? http_tag_of(entry, strlen(entry)) : NULL;
    change->order.subject = call->request.parameters[0];
    change->order.who = call->grant.name;
    change->order.now = call->now;
    change->order.scope = change->scope;
    change->order.door = STORE_DOOR_API;
    return conditions_hold(call, change->tag);
}

static bool read_body(struct http_call *call, json_t *object, struct store_order *order)
{
    static const char *const members[] = {"note", "until", NULL};

    if (!body_knows(call, object, members) || !body_text(call, object, "note", &order->note) ||
        !body_time(call, object, "until", &order->until))
        return false;
    if (order->until == 0 || order->until > call->now)
        return true;
    http_answer_problem(&call->answer, PROBLEM_INVALID_BODY, "the member \"until\" is in the past");
    return false;
}

/* All addresses of com are suppressed by one who says so: it is mostly what is left of an address that was cut off. */
static bool check_suffix(struct http_call *call)
{
    g_autoptr(GString) subject = g_string_new(NULL);
    bool force;

    if (!http_request_flag(&call->request, "force", &force)) {
        http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, "force: expected true or false");
        return false;
    }
    if (force || !entry_subject_read(call->request.parameters[0], subject) || !entry_subject_is_suffix(subject->str))
        return true;
    http_answer_problem(&call->answer, PROBLEM_INVALID_ADDRESS,
                        "it is a public suffix, and stands for all addresses below it; force=true takes it");
    return false;
}

static void put(struct http_call *call, json_t *object)
{
    struct change_order change = {.scope = NULL};

    if (check_suffix(call) && take_order(call, &change) && read_body(call, object, &change.order) &&
        (store_suppress(call->store, &change.order, &call->error) || (is_refused(call), false))) {
        g_autofree char *entry = read_entry(call, change.scope);
        g_autofree char *tag = entry != NULL ? http_tag_of(entry, strlen(entry)) : NULL;

        if (entry != NULL) {
            http_answer_begin(&call->answer, change.tag == NULL ? 201 : 200, "application/json");
            http_answer_field(&call->answer, "ETag", tag);
            g_string_append_printf(call->answer.body, "%s\n", entry);
        }
    }
    clear_order(&change);
}

void suppressions_put(struct http_call *call)
{
    json_t *object = body_object(call, true);

    if (object != NULL)
        put(call, object);
    json_decref(object);
}

void suppressions_delete(struct http_call *call)
{
    struct change_order change = {.order.note = http_request_argument(&call->request, "note")};
    bool removed;

    if (take_order(call, &change) &&
        (store_unsuppress(call->store, &change.order, &removed, &call->error) || (is_refused(call), false))) {
        if (removed)
            http_answer_begin(&call->answer, 204, NULL);
        else
            http_answer_problem(&call->answer, PROBLEM_NOT_FOUND, "the list has no such entry");
    }
    clear_order(&change);
}
