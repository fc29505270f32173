#include "reports/csv.h"

#include <stdbool.h>
#include <string.h>

static void put(GString *line, const char *prefix, const char *text)
{
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;

    if (quoted)
        g_string_append_c(line, '"');
    g_string_append(line, prefix);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            g_string_append_c(line, '"');
        g_string_append_c(line, *text);
    }
    if (quoted)
        g_string_append_c(line, '"');
    g_string_append_c(line, ',');
}

void csv_key(GString *line, const char *text)
{
    put(line, "", text == NULL ? "" : text);
}

void csv_text(GString *line, const char *text)
{
    bool formula = text != NULL && *text != '\0' && strchr("=+-@\t\r", *text) != NULL;

    put(line, formula ? "'" : "", text == NULL ? "" : text);
}

void csv_number(GString *line, gint64 number)
{
    g_string_append_printf(line, "%" G_GINT64_FORMAT ",", number);
}

void csv_end(GString *line)
{
    g_string_truncate(line, line->len - 1);
    g_string_append(line, "\r\n");
}
