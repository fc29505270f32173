#include "reports/readable.h"

#include <stdbool.h>

static bool is_plain(const char *text)
{
    while (*text >= ' ' && *text <= '~')
        text++;
    return *text == '\0';
}

static bool is_unsafe(gunichar c)
{
    switch (g_unichar_type(c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_PRIVATE_USE:
        return true;
    default:
        return false;
    }
}

void readable_append(GString *out, const char *text)
{
    g_autofree char *valid = NULL;

    if (text == NULL)
        return;
    if (is_plain(text)) {
        g_string_append(out, text);
        return;
    }
    valid = g_utf8_make_valid(text, -1);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        if (g_ascii_isspace(*at))
            g_string_append_c(out, ' ');
        else if (is_unsafe(g_utf8_get_char(at)))
            g_string_append_c(out, '?');
        else
            g_string_append_len(out, at, g_utf8_next_char(at) - at);
    }
}

char *readable_dup(const char *text)
{
    GString *out;

    if (text == NULL)
        return NULL;
    out = g_string_new(NULL);
    readable_append(out, text);
    return g_string_free(out, FALSE);
}
