#include "cmd/bouncectl/story/lines.h"

#include "reports/readable.h"

void lines_heading(GString *out, const struct output *output, const char *heading)
{
    g_string_append_printf(out, "\n%s%s%s\n", output_style(output, OUTPUT_BOLD), heading,
                           output_style(output, OUTPUT_PLAIN));
}

void lines_field(GString *out, const struct output *output, const char *name, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    g_string_append_printf(out, "  %s%-11s%s ", output_style(output, OUTPUT_FAINT), name,
                           output_style(output, OUTPUT_PLAIN));
    readable_append(out, value);
    g_string_append_c(out, '\n');
}

char *lines_number(gint64 n, const char *noun)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " %s%s", n, noun, n == 1 ? "" : "s");
}
