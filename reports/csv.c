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

void csv_text(GString *line, const char *text)
{
    g_autofree char *readable = readable_dup(text == NULL ? "" : text);
    bool quoted = strpbrk(readable, ",\"") != NULL;

    if (quoted)
        g_string_append_c(line, '"');
    if (text != NULL && is_guarded(text))
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
