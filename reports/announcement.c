#include "reports/announcement.h"

#include <string.h>

#include "reports/json.h"

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
    return g_strconcat("report.", report_kind_names[event->event.kind], NULL);
}

const char *announcement_type_of_change(const struct change *change)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].change, change->change) == 0)
            return types[i].type;
    }
    return NULL;
}

static void open_object(GString *out, const char *type, gint64 at)
{
    g_autofree char *time = event_time_format(at);

    g_string_append_printf(out, "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":", type, time);
}

void announcement_event(GString *out, const struct stored_event *event)
{
    g_autofree char *type = announcement_type_of_event(event);

    open_object(out, type, event->received);
    json_stored_event(out, event);
    g_string_append_c(out, '}');
}

void announcement_change(GString *out, const struct change *change)
{
    const char *type = announcement_type_of_change(change);

    open_object(out, type != NULL ? type : "suppression", change->at);
    json_change(out, change);
    g_string_append_c(out, '}');
}
