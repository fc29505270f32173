#include "reports/story/lines.h"

#include "reports/readable.h"

const struct lines_style lines_plain = {"", "", "", "", ""};

void lines_heading(GString *out, const struct lines_style *style, const char *heading)
{
    g_string_append_printf(out, "\n%s%s%s\n", style->heading, heading, style->end);
}

void lines_field(GString *out, const struct lines_style *style, const char *name, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    g_string_append_printf(out, "  %s%-11s%s ", style->name, name, style->end);
    readable_append(out, value);
    g_string_append_c(out, '\n');
}

char *lines_number(gint64 n, const char *noun)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " %s%s", n, noun, n == 1 ? "" : "s");
}
