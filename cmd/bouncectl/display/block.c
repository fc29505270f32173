#include "cmd/bouncectl/display/block.h"

#include <string.h>

#include "reports/readable.h"

/* Fields that the first line shows already. */
static bool in_heading(const struct event_field *field)
{
    static const size_t heading[] = {offsetof(struct event, source), offsetof(struct event, kind),
                                     offsetof(struct event, recipient)};

    for (size_t i = 0; i < G_N_ELEMENTS(heading); i++)
        if (heading[i] == field->offset)
            return true;
    return false;
}

static void append_value(GString *out, const struct event *event, const struct event_field *field)
{
    const char *text = event_field_text(event, field);
    gint64 number = event_field_number(event, field);

    if (text != NULL) {
        readable_append(out, text);
    } else if (field->type == EVENT_TYPE_TIME) {
        g_autofree char *time = event_time_format(number);
        g_string_append(out, time);
    } else {
        g_string_append_printf(out, "%" G_GINT64_FORMAT, number);
    }
}

void block_event(GString *out, const struct output *output, const struct event *event)
{
    const char *plain = output_style(output, OUTPUT_PLAIN);

    g_autofree char *source = readable_dup(event->source);
    g_autofree char *recipient = readable_dup(event->recipient);

    g_string_append_printf(out, "%s%s%s: %s", output_style(output, OUTPUT_BOLD), source, plain,
                           report_kind_names[event->kind]);
    if (recipient != NULL)
        g_string_append_printf(out, " %s%s%s", output_style(output, OUTPUT_BOLD), recipient, plain);
    g_string_append_c(out, '\n');
    for (const struct event_field *field = event_fields; field->name != NULL; field++) {
        if (in_heading(field) || (event_field_text(event, field) == NULL && event_field_number(event, field) == 0))
            continue;
        g_string_append_printf(out, "  %s%-18s%s ", output_style(output, OUTPUT_FAINT), field->name, plain);
        append_value(out, event, field);
        g_string_append_c(out, '\n');
    }
}
