#include "parser/paths/verp.h"

#include <string.h>

GString *verp_unquote(struct span local)
{
    GString *plain = g_string_new(NULL);

    if (local.length < 2 || local.at[0] != '"' || local.at[local.length - 1] != '"')
        return g_string_append_len(plain, local.at, (gssize)local.length);
    for (size_t i = 1; i + 1 < local.length; i++) {
        if (local.at[i] == '\\' && i + 2 < local.length)
            i++;
        g_string_append_c(plain, local.at[i]);
    }
    return plain;
}

static bool is_atext(char c)
{
    return g_ascii_isalnum(c) || (c & 0x80) != 0 || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* dot-atom = 1*atext *("." 1*atext) */
static bool is_dot_atom(struct span text)
{
    bool atom = false;

    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '.' ? !atom : !is_atext(text.at[i]))
            return false;
        atom = text.at[i] != '.';
    }
    return atom;
}

void verp_append_local(GString *address, struct span text)
{
    if (is_dot_atom(text)) {
        g_string_append_len(address, text.at, (gssize)text.length);
        return;
    }
    g_string_append_c(address, '"');
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\')
            g_string_append_c(address, '\\');
        g_string_append_c(address, text.at[i]);
    }
    g_string_append_c(address, '"');
}

bool verp_decode(struct span encoded, char equals, GString *address)
{
    const char *mark = encoded.length > 0 ? memrchr(encoded.at, equals, encoded.length) : NULL;
    struct span user, domain;

    g_string_truncate(address, 0);
    if (mark == NULL || mark == encoded.at)
        return false;
    user = span_head(encoded, (size_t)(mark - encoded.at));
    domain = span_skip(encoded, user.length + 1);
    verp_append_local(address, user);
    g_string_append_c(address, '@');
    g_string_append_len(address, domain.at, (gssize)domain.length);
    return true;
}
