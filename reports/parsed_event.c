#include "reports/parsed_event.h"

#include <jansson.h>

#include "parser/address.h"

struct parsed_event {
    json_t *object; /* the event borrows its strings */
    GString *recipient;
    struct event event;
    gint64 received;
};

/* clang-format off */
G_DEFINE_QUARK(parsed-event-error, parsed_event_error)
/* clang-format on */

static bool fail(GError **error, const char *name, const char *expected)
{
    g_set_error(error, PARSED_EVENT_ERROR, 0, "\"%s\": expected %s", name, expected);
    return false;
}

/* "a, b or c" */
static char *list_names(const char *const *names)
{
    GString *list = g_string_new(NULL);

    for (size_t i = 0; names[i] != NULL; i++) {
        if (*names[i] != '\0')
            g_string_append_printf(list, "%s%s", list->len == 0 ? "" : names[i + 1] == NULL ? " or " : ", ", names[i]);
    }
    return g_string_free(list, FALSE);
}

static bool read_text(struct parsed_event *parsed, const struct event_field *field, const json_t *value, GError **error)
{
    const char *text = json_string_value(value);

    if (text == NULL)
        return fail(error, field->name, "text");
    if (field->type == EVENT_TYPE_NAME && !g_strv_contains(field->names, text)) {
        g_autofree char *names = list_names(field->names);
        return fail(error, field->name, names);
    }
    event_field_set_text(&parsed->event, field, text);
    return true;
}

static bool read_time(const char *name, const json_t *value, gint64 *seconds, GError **error)
{
    const char *text = json_string_value(value);
    g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601(text, NULL) : NULL;

    if (time == NULL)
        return fail(error, name, "a time as \"2026-11-22T09:30:00Z\"");
    *seconds = g_date_time_to_unix(time);
    return *seconds > 0 || fail(error, name, "a time after 1970");
}

static bool read_field(struct parsed_event *parsed, const struct event_field *field, const json_t *value,
                       GError **error)
{
    gint64 number;

    if (field->type == EVENT_TYPE_TEXT || field->type == EVENT_TYPE_NAME)
        return read_text(parsed, field, value, error);
    if (field->type == EVENT_TYPE_TIME) {
        if (!read_time(field->name, value, &number, error))
            return false;
    } else {
        if (!json_is_integer(value))
            return fail(error, field->name, "a whole number");
        number = json_integer_value(value);
    }
    event_field_set_number(&parsed->event, field, number);
    return true;
}

/* The reason of an event that does not say one. */
static enum reason usual_reason(enum report_kind kind)
{
    static const enum reason reasons[] = {
        [REPORT_KIND_DELIVERED] = REASON_DELIVERED,
        [REPORT_KIND_FEEDBACK] = REASON_FEEDBACK,
        [REPORT_KIND_AUTO_REPLY] = REASON_AUTO_REPLY,
        [REPORT_KIND_UNSUBSCRIBE] = REASON_UNSUBSCRIBE,
    };

    return (size_t)kind < G_N_ELEMENTS(reasons) ? reasons[kind] : REASON_NONE;
}

static enum verdict_kind usual_verdict(const struct event *event)
{
    enum verdict_kind verdict = reason_row(event->reason)->verdict;
    bool temporary = event->status != NULL && *event->status == '4';

    if (event->kind == REPORT_KIND_DELAY)
        return VERDICT_NONE;
    return verdict == VERDICT_HARD && (temporary || event->final_recipient != NULL) ? VERDICT_SOFT : verdict;
}

static bool take_recipient(struct parsed_event *parsed, GError **error)
{
    const char *recipient = parsed->event.recipient;

    if (recipient == NULL)
        return true;
    if (!address_read(span_of(recipient), ADDRESS_LISTED, parsed->recipient))
        return fail(error, "recipient", "a mail address");
    parsed->event.recipient = parsed->recipient->str;
    return true;
}

static bool complete(struct parsed_event *parsed, GError **error)
{
    struct event *event = &parsed->event;

    if (json_object_get(parsed->object, "kind") == NULL) {
        g_autofree char *names = list_names(report_kind_names);
        return fail(error, "kind", names);
    }
    if (event->reason == REASON_NONE)
        event->reason = usual_reason(event->kind);
    if (event->kind == REPORT_KIND_BOUNCE && event->reason == REASON_NONE)
        return fail(error, "reason", "the reason why it bounced");
    if (parsed->received == 0)
        parsed->received = event->occurred;
    if (parsed->received == 0)
        return fail(error, "occurred", "a time as \"2026-11-22T09:30:00Z\"");
    if (json_object_get(parsed->object, "verdict") == NULL)
        event->verdict = usual_verdict(event);
    if (json_object_get(parsed->object, "evidence") == NULL)
        event->evidence = REPORT_EVIDENCE_AUTHENTICATED;
    event->party = reason_row(event->reason)->party;
    return take_recipient(parsed, error);
}

static bool read_object(struct parsed_event *parsed, GError **error)
{
    const json_t *received = json_object_get(parsed->object, "received");

    for (const struct event_field *field = event_fields; field->name != NULL; field++) {
        const json_t *value = json_object_get(parsed->object, field->name);

        if (value != NULL && !read_field(parsed, field, value, error))
            return false;
    }
    if (received != NULL && !read_time("received", received, &parsed->received, error))
        return false;
    return complete(parsed, error);
}

static bool read_json(struct parsed_event *parsed, const char *json, size_t length, GError **error)
{
    json_error_t bad;

    parsed->object = json_loadb(json, length, 0, &bad);
    if (json_is_object(parsed->object))
        return read_object(parsed, error);
    g_set_error(error, PARSED_EVENT_ERROR, 0, "it is no JSON object: %s",
                parsed->object == NULL ? bad.text : "another value");
    return false;
}

struct parsed_event *parsed_event_new(const char *json, size_t length, GError **error)
{
    struct parsed_event *parsed = g_new0(struct parsed_event, 1);

    parsed->recipient = g_string_new(NULL);
    if (read_json(parsed, json, length, error))
        return parsed;
    parsed_event_free(parsed);
    return NULL;
}

void parsed_event_free(struct parsed_event *parsed)
{
    if (parsed == NULL)
        return;
    json_decref(parsed->object);
    g_string_free(parsed->recipient, TRUE);
    g_free(parsed);
}

const struct event *parsed_event_event(const struct parsed_event *parsed)
{
    return &parsed->event;
}

gint64 parsed_event_received(const struct parsed_event *parsed)
{
    return parsed->received;
}
