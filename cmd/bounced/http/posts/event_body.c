#include "cmd/bounced/http/posts/event_body.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/bounced/http/api/body.h"
#include "cmd/bounced/http/api/tenancy.h"
#include "cmd/bounced/http/routing/http_time.h"
#include "parser/text/span.h"
#include "store/event.h"

enum { TEXT_MAX = 1000 }; /* octets of a text, but for those that are cut */

enum member_type {
    MEMBER_TEXT,   /* char *, without control characters, TEXT_MAX octets at most */
    MEMBER_PROSE,  /* char *, any text */
    MEMBER_NUMBER, /* unsigned */
    MEMBER_TIME,   /* gint64 */
    MEMBER_ACTION, /* enum report_action, by its name */
};

/* The members of an event, and where struct testimony has them. */
static const struct member {
    const char *name;
    enum member_type type;
    size_t offset;
} members[] = {
    {"id", MEMBER_TEXT, offsetof(struct testimony, key)},
    {"recipient", MEMBER_TEXT, offsetof(struct testimony, observation.recipient)},
    {"reply", MEMBER_NUMBER, offsetof(struct testimony, observation.reply)},
    {"status", MEMBER_TEXT, offsetof(struct testimony, observation.status)},
    {"action", MEMBER_ACTION, offsetof(struct testimony, observation.action)},
    {"diagnostic", MEMBER_PROSE, offsetof(struct testimony, observation.diagnostic)},
    {"host", MEMBER_TEXT, offsetof(struct testimony, observation.host)},
    {"stream", MEMBER_TEXT, offsetof(struct testimony, observation.stream)},
    {"message_id", MEMBER_TEXT, offsetof(struct testimony, observation.message_id)},
    {"time", MEMBER_TIME, offsetof(struct testimony, observation.time)},
};

bool event_item_refuse(struct event_item *item, enum problem problem, char *detail)
{
    g_clear_pointer(&item->testimony, testimony_free);
    item->problem = problem;
    item->detail = detail;
    return false;
}

/* --- members ------------------------------------------------------------------------------------------------------ */

static bool take_text(void *place, const char *text)
{
    *(char **)place = g_strdup(text);
    return http_request_is_text(text) && strlen(text) <= TEXT_MAX;
}

static bool take_time(void *place, const char *text)
{
    return http_time_read(text, place) && *(gint64 *)place > 0;
}

static bool take_action(void *place, const char *text)
{
    *(enum report_action *)place = event_value(report_action_names, text);
    return *(enum report_action *)place != REPORT_ACTION_ABSENT;
}

static bool take_number(void *place, const json_t *value)
{
    json_int_t number = json_integer_value(value);

    *(unsigned *)place = number > 0 && number < 1000 ? (unsigned)number : 0;
    return json_is_integer(value) && *(unsigned *)place != 0;
}

/* False if it is not what the member takes. Null and an empty text are as if it were absent. */
static bool take_value(const struct member *member, struct testimony *testimony, const json_t *value)
{
    void *place = G_STRUCT_MEMBER_P(testimony, member->offset);
    const char *text = json_string_value(value);

    if (json_is_null(value) || (text != NULL && *text == '\0'))
        return true;
    if (member->type == MEMBER_NUMBER)
        return take_number(place, value);
    if (text == NULL)
        return false;
    switch (member->type) {
    case MEMBER_TEXT:
        return take_text(place, text);
    case MEMBER_TIME:
        return take_time(place, text);
    case MEMBER_ACTION:
        return take_action(place, text);
    default:
        *(char **)place = g_strdup(text);
        return true;
    }
}

static const char *const expected[] = {
    [MEMBER_TEXT] = "text without control characters, of 1000 octets at most",
    [MEMBER_PROSE] = "text",
    [MEMBER_NUMBER] = "a number, as in 550",
    [MEMBER_TIME] = "a time, as in \"2026-11-28T06:45:10Z\"",
    [MEMBER_ACTION] = "failed, delayed, delivered, relayed or expanded",
};

static const struct member *find_member(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        if (strcmp(members[i].name, name) == 0)
            return &members[i];
    }
    return NULL;
}

static bool take_members(struct event_item *item, json_t *object)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        const struct member *member = find_member(name);

        if (member == NULL)
            return event_item_refuse(item, PROBLEM_INVALID_BODY, g_strdup_printf("there is no member \"%s\"", name));
        if (!take_value(member, item->testimony, value))
            return event_item_refuse(item, PROBLEM_INVALID_BODY,
                                     g_strdup_printf("the member \"%s\" is not %s", name, expected[member->type]));
    }
    return true;
}

/* --- events ------------------------------------------------------------------------------------------------------- */

/* Can it be reported, and by this token? */
static bool check(const struct http_call *call, struct event_item *item)
{
    const struct observation *observation = &item->testimony->observation;
    enum observation_fault fault = observation_fault(observation);

    if (fault != OBSERVATION_FAULT_NONE)
        return event_item_refuse(item,
                                 fault == OBSERVATION_FAULT_RECIPIENT ? PROBLEM_INVALID_ADDRESS : PROBLEM_INVALID_BODY,
                                 g_strdup(observation_fault_texts[fault]));
    if (!tenancy_tells(call, observation->stream))
        return event_item_refuse(item, PROBLEM_FORBIDDEN,
                                 g_strdup("the token is of a tenant, and the stream is none of its own"));
    return true;
}

/* A program's own names, and those that it gives requests, are apart. */
static void set_key(const struct http_call *call, struct testimony *testimony, guint index)
{
    const char *of_request = call->request.fields[HTTP_FIELD_IDEMPOTENCY_KEY];
    g_autofree char *id = g_steal_pointer(&testimony->key);

    if (id != NULL)
        testimony->key = g_strconcat("id ", id, NULL);
    else if (of_request != NULL)
        testimony->key = g_strdup_printf("request %u %s", index, of_request);
}

static char *write_line(const json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    char *line = g_strconcat(text != NULL ? text : "", "\n", NULL);

    free(text);
    return line;
}

static void add_item(const struct http_call *call, struct event_body *body, json_t *value)
{
    struct event_item item = {.testimony = testimony_new(call->grant.name)};

    item.testimony->confined = call->grant.tenant != NULL;
    if (!json_is_object(value))
        event_item_refuse(&item, PROBLEM_INVALID_BODY, g_strdup("expected an object"));
    else if (take_members(&item, value) && check(call, &item)) {
        set_key(call, item.testimony, body->items->len);
        item.text = write_line(value);
    }
    g_array_append_val(body->items, item);
}

static void add_unreadable(struct event_body *body, const json_error_t *error)
{
    struct event_item item = {.testimony = NULL};

    event_item_refuse(&item, PROBLEM_INVALID_BODY, g_strdup_printf("octet %d: %s", error->position, error->text));
    g_array_append_val(body->items, item);
}

/* --- bodies ------------------------------------------------------------------------------------------------------- */

static bool is_full(struct http_call *call, size_t n)
{
    if (n <= EVENT_BODY_EVENTS)
        return false;
    http_answer_problem(&call->answer, PROBLEM_TOO_LARGE, "more than 1000 events");
    return true;
}

/* NDJSON: a line that cannot be read is one event that is refused. */
static bool read_lines(struct http_call *call, struct event_body *body)
{
    struct span rest = {call->request.body->str, call->request.body->len}, line;

    while (span_line(&rest, &line)) {
        json_error_t error;

        line = span_trim(line);
        if (line.length == 0)
            continue;
        if (is_full(call, (size_t)body->items->len + 1))
            return false;
        json_t *value = json_loadb(line.at, line.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
        if (value != NULL)
            add_item(call, body, value);
        else
            add_unreadable(body, &error);
        json_decref(value);
    }
    return true;
}

static bool read_list(struct http_call *call, struct event_body *body, const json_t *list)
{
    size_t index;
    json_t *value;

    if (is_full(call, json_array_size(list)))
        return false;
    json_array_foreach(list, index, value) add_item(call, body, value);
    return true;
}

static bool read_json(struct http_call *call, struct event_body *body)
{
    json_t *value = body_json(call);
    bool good = value != NULL;

    body->alone = json_is_object(value);
    if (body->alone)
        add_item(call, body, value);
    else if (good)
        good = read_list(call, body, value);
    json_decref(value);
    return good;
}

static bool good_key(struct http_call *call)
{
    const char *key = call->request.fields[HTTP_FIELD_IDEMPOTENCY_KEY];

    if (key == NULL || (*key != '\0' && strlen(key) <= TEXT_MAX && http_request_is_text(key)))
        return true;
    http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, "Idempotency-Key: expected a text of 1000 octets at most");
    return false;
}

static void clear_item(void *data)
{
    struct event_item *item = data;

    testimony_free(item->testimony);
    g_free(item->text);
    g_free(item->detail);
}

struct event_body *event_body_read(struct http_call *call)
{
    struct event_body *body;

    if (!good_key(call))
        return NULL;
    body = g_new0(struct event_body, 1);
    body->items = g_array_new(FALSE, FALSE, sizeof(struct event_item));
    g_array_set_clear_func(body->items, clear_item);
    if (body_is(call, "application/x-ndjson", false) ? read_lines(call, body) : read_json(call, body))
        return body;
    event_body_free(body);
    return NULL;
}

void event_body_free(struct event_body *body)
{
    if (body == NULL)
        return;
    g_array_unref(body->items);
    g_free(body);
}
