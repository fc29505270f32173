#include "reports/announcement.h"

#include <string.h>

#include "reports/json.h"

#define OF_REPORTS "report"
#define OF_CHANGES "suppression"

/* By what the log calls the change. */
static const struct {
    const char *change, *type;
} types[] = {
    {"add", "suppression.added"},         {"update", "suppression.updated"}, {"hold", "suppression.held"},
    {"confirm", "suppression.confirmed"}, {"remove", "suppression.removed"}, {"expire", "suppression.expired"},
    {"forget", "suppression.forgotten"},
};

char *announcement_type_of_event(const struct stored_event *event)
{
    return g_strconcat(OF_REPORTS ".", report_kind_names[event->event.kind], NULL);
}

/* G_N_ELEMENTS(types) if it has none. */
static size_t index_of_change(const struct change *change)
{
    size_t i = 0;

    while (i < G_N_ELEMENTS(types) && strcmp(types[i].change, change->change) != 0)
        i++;
    return i;
}

const char *announcement_type_of_change(const struct change *change)
{
    size_t i = index_of_change(change);

    return i < G_N_ELEMENTS(types) ? types[i].type : NULL;
}

/* Members of the object, and those of the data of changes that are none of an event's. */
static const char *const members[] = {"id", "type", "timestamp", "change", "scope", "until", "who", "door", "note"};

static bool is_name(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && strncmp(name, text, length) == 0;
}

bool announcement_has(const char *name, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        if (is_name(members[i], name, length))
            return true;
    }
    for (const struct event_field *field = event_fields; field->name != NULL; field++) {
        if (is_name(field->name, name, length))
            return true;
    }
    return false;
}

/* --- types that are wanted ---------------------------------------------------------------------------------------- */

bool announcement_types_add(struct announcement_types *wanted, const char *word)
{
    guint32 reports = 0, changes = 0;

    for (unsigned kind = 0; report_kind_names[kind] != NULL; kind++) {
        g_autofree char *type = g_strconcat(OF_REPORTS ".", report_kind_names[kind], NULL);
        if (strcmp(word, type) == 0 || strcmp(word, OF_REPORTS) == 0)
            reports |= 1U << kind;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(word, types[i].type) == 0 || strcmp(word, OF_CHANGES) == 0)
            changes |= 1U << i;
    }
    wanted->reports |= reports;
    wanted->changes |= changes;
    return reports != 0 || changes != 0;
}

bool announcement_types_read(struct announcement_types *wanted, const char *words, char **unknown)
{
    g_auto(GStrv) parts = g_strsplit(words, ",", -1);

    *unknown = NULL;
    for (char **part = parts; *part != NULL; part++) {
        if (announcement_types_add(wanted, g_strstrip(*part)))
            continue;
        *unknown = g_strdup(*part);
        return false;
    }
    return true;
}

static bool is_all(const struct announcement_types *wanted)
{
    return wanted->reports == 0 && wanted->changes == 0;
}

bool announcement_wants_reports(const struct announcement_types *wanted)
{
    return wanted->reports != 0 || is_all(wanted);
}

bool announcement_wants_changes(const struct announcement_types *wanted)
{
    return wanted->changes != 0 || is_all(wanted);
}

bool announcement_wants_event(const struct announcement_types *wanted, const struct stored_event *event)
{
    return is_all(wanted) || (wanted->reports >> event->event.kind & 1) != 0;
}

bool announcement_wants_change(const struct announcement_types *wanted, const struct change *change)
{
    return is_all(wanted) || (wanted->changes >> index_of_change(change) & 1) != 0;
}

/* --- objects ------------------------------------------------------------------------------------------------------ */

static void open_object(GString *out, const char *id, const char *type, gint64 at)
{
    g_autofree char *time = event_time_format(at);

    g_string_append_c(out, '{');
    if (id != NULL)
        g_string_append_printf(out, "\"id\":\"%s\",", id);
    g_string_append_printf(out, "\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":", type, time);
}

void announcement_event(GString *out, const char *id, const struct stored_event *event)
{
    g_autofree char *type = announcement_type_of_event(event);

    open_object(out, id, type, event->received);
    json_stored_event(out, event);
    g_string_append_c(out, '}');
}

void announcement_change(GString *out, const char *id, const struct change *change)
{
    const char *type = announcement_type_of_change(change);

    open_object(out, id, type != NULL ? type : OF_CHANGES, change->at);
    json_change(out, change);
    g_string_append_c(out, '}');
}
