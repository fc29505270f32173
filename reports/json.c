#include "reports/json.h"

#include <jansson.h>

/* An object under way: its fields are written as they come, so that their order is ours and nothing is kept. */
struct object {
    GString *out;
    char separator;
};

static struct object object_open(GString *out)
{
    return (struct object){out, '{'};
}

static void object_close(struct object *object)
{
    if (object->separator == '{')
        g_string_append_c(object->out, '{');
    g_string_append_c(object->out, '}');
}

static int append(const char *buffer, size_t size, void *out)
{
    g_string_append_len(out, buffer, (gssize)size);
    return 0;
}

/* The names of fields are ours, and need no escapes. */
static void put_field(struct object *object, const char *name)
{
    g_string_append_c(object->out, object->separator);
    g_string_append_c(object->out, '"');
    g_string_append(object->out, name);
    g_string_append(object->out, "\":");
    object->separator = ',';
}

/* The length of a text that is its own JSON, as nearly all are; -1 when there is something to escape or to check. */
static gssize plain_length(const char *text)
{
    const char *end = text;

    while (*end >= ' ' && *end <= '~' && *end != '"' && *end != '\\')
        end++;
    return *end == '\0' ? end - text : -1;
}

static void put_escaped(GString *out, const char *text)
{
    json_t *value = json_string(text);

    if (value == NULL) {
        /* A path may be any bytes; all else is UTF-8 already. */
        g_autofree char *valid = g_utf8_make_valid(text, -1);
        value = json_string(valid);
    }
    g_assert(value != NULL);
    json_dump_callback(value, append, out, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(value);
}

void json_text(GString *out, const char *text)
{
    gssize length = plain_length(text);

    if (length < 0) {
        put_escaped(out, text);
        return;
    }
    g_string_append_c(out, '"');
    g_string_append_len(out, text, length);
    g_string_append_c(out, '"');
}

static void put_text(struct object *object, const char *name, const char *text)
{
    if (text == NULL)
        return;
    put_field(object, name);
    json_text(object->out, text);
}

static void put_name(struct object *object, const char *name, const char *value)
{
    if (*value != '\0')
        put_text(object, name, value);
}

static void put_number(struct object *object, const char *name, gint64 number)
{
    put_field(object, name);
    g_string_append_printf(object->out, "%" G_GINT64_FORMAT, number);
}

static void put_time(struct object *object, const char *name, gint64 seconds)
{
    if (seconds == 0)
        return;
    g_autofree char *time = event_time_format(seconds);
    put_text(object, name, time);
}

static void put_event(struct object *object, const struct event *event)
{
    for (const struct event_field *field = event_fields; field->name != NULL; field++) {
        gint64 number = event_field_number(event, field);

        if (field->type == EVENT_TYPE_TIME)
            put_time(object, field->name, number);
        else if (field->type != EVENT_TYPE_NUMBER)
            put_text(object, field->name, event_field_text(event, field));
        else if (number != 0)
            put_number(object, field->name, number);
    }
}

void json_event(GString *out, const struct event *event)
{
    struct object object = object_open(out);

    put_event(&object, event);
    object_close(&object);
}

void json_stored_event(GString *out, const struct stored_event *event)
{
    struct object object = object_open(out);

    put_event(&object, &event->event);
    put_text(&object, "proof", event->event.proof);
    put_time(&object, "received", event->received);
    put_text(&object, "digest", event->digest);
    put_text(&object, "mail_from", event->mail_from != NULL && *event->mail_from == '\0' ? NULL : event->mail_from);
    put_text(&object, "rule_version", event->rule_version);
    put_text(&object, "effect", policy_effect_names[event->effect]);
    put_text(&object, "policy", event->policy);
    if (event->failures != 0)
        put_number(&object, "failures", event->failures);
    put_time(&object, "revised", event->revised);
    put_text(&object, "revised_by", event->revised_by);
    put_text(&object, "revised_from", event->revised_from);
    put_text(&object, "rolled_back", event->rolled_back);
    put_text(&object, "rollback_note", event->rollback_note);
    if (event->left_out != 0)
        put_number(&object, "left_out", event->left_out);
    object_close(&object);
}

void json_suppression(GString *out, const struct suppression *suppression)
{
    struct object object = object_open(out);

    put_text(&object, "recipient", suppression->subject);
    put_text(&object, "scope", suppression->scope);
    put_text(&object, "state", store_state_names[suppression->wave != 0]);
    put_name(&object, "reason", reason_names[suppression->reason]);
    put_text(&object, "verdict", verdict_names[suppression->verdict]);
    put_text(&object, "stream", suppression->stream);
    put_text(&object, "policy", suppression->policy);
    put_text(&object, "rule", suppression->rule);
    put_text(&object, "diagnostic", suppression->diagnostic);
    put_text(&object, "who", suppression->who);
    put_text(&object, "note", suppression->note);
    put_time(&object, "since", suppression->since);
    put_time(&object, "until", suppression->until);
    object_close(&object);
}

void json_wave(GString *out, const struct wave *wave)
{
    struct object object = object_open(out);

    put_number(&object, "wave", wave->id);
    put_text(&object, "receiver", wave->receiver);
    put_text(&object, "rule", wave->rule);
    put_time(&object, "began", wave->began);
    put_time(&object, "raised", wave->raised);
    put_time(&object, "ended", wave->ended);
    put_time(&object, "closed", wave->closed);
    put_number(&object, "failures", wave->failures);
    put_number(&object, "baseline", wave->baseline);
    put_number(&object, "level", wave->level);
    put_number(&object, "held", wave->held);
    put_number(&object, "confirmed", wave->confirmed);
    put_number(&object, "dropped", wave->dropped);
    object_close(&object);
}

void json_change(GString *out, const struct change *change)
{
    struct object object = object_open(out);

    if (change->sequence != 0)
        put_number(&object, "sequence", change->sequence);
    put_time(&object, "at", change->at);
    put_text(&object, "change", change->change);
    put_text(&object, "recipient", change->subject);
    put_text(&object, "scope", change->scope);
    put_name(&object, "reason", reason_names[change->reason]);
    put_text(&object, "verdict", verdict_names[change->verdict]);
    put_time(&object, "until", change->until);
    put_text(&object, "who", change->who);
    put_text(&object, "door", store_door_names[change->door]);
    put_text(&object, "note", change->note);
    put_text(&object, "batch", change->batch);
    put_text(&object, "digest", change->digest);
    object_close(&object);
}
