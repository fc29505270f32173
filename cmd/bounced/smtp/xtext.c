#include "cmd/bounced/smtp/xtext.h"

#include <glib.h>

char *xtext_decode(const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '+' && g_ascii_isxdigit(at[1]) && g_ascii_isxdigit(at[2])) {
            g_string_append_c(out, (char)(g_ascii_xdigit_value(at[1]) << 4 | g_ascii_xdigit_value(at[2])));
            at += 2;
        } else if (g_ascii_isgraph(*at) && *at != '+' && *at != '=') {
            g_string_append_c(out, *at);
        } else {
            return NULL;
        }
        if (out->str[out->len - 1] == '\0')
            return NULL;
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}
