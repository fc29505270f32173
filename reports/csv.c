#include "reports/csv.h"

#include <stdbool.h>
#include <string.h>

#include "reports/readable.h"

/* Would a spreadsheet run it, or did we put an apostrophe before what it would? */
static bool is_guarded(const char *text)
{
    while (*text == '\'')
        text++;
    return *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
}

/* Nearly all fields are: they need neither quotes nor an apostrophe, and are readable. */
static bool is_plain(const char *text)
{
    if (strchr("'=+-@", *text) != NULL)
        return *text == '\0';
    while (*text >= ' ' && *text <= '~' && *text != ',' && *text != '"')
        text++;
    return *text == '\0';
}

void csv_text(GString *line, const char *text)
{
    if (text == NULL || is_plain(text)) {
        g_string_append(line, text != NULL ? text : "");
        g_string_append_c(line, ',');
        return;
    }
    g_autofree char *readable = readable_dup(text);
    bool quoted = strpbrk(readable, ",\"") != NULL;

    if (quoted)
        g_string_append_c(line, '"');
    if (is_guarded(text))
        g_string_append_c(line, '\'');
    for (const char *at = readable; *at != '\0'; at++) {
        if (*at == '"')
            g_string_append_c(line, '"');
        g_string_append_c(line, *at);
    }
    g_string_append(line, quoted ? "\"," : ",");
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
