#include "cmd/bounced/http/routing/http_tag.h"

#include <string.h>

enum { DIGITS = 32 }; /* of the SHA-256 */

char *http_tag_of(const char *text, gsize length)
{
    g_autofree char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);

    return g_strdup_printf("\"%.*s\"", DIGITS, digest);
}

/* entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE; a list of them has commas between. */
bool http_tag_matches(const char *field, const char *tag, bool weak)
{
    const char *at = field + strspn(field, " \t,");

    if (tag == NULL)
        return false;
    if (*at == '*')
        return true;
    while (*at != '\0') {
        bool is_weak = g_str_has_prefix(at, "W/");
        const char *start = is_weak ? at + 2 : at;
        const char *end = *start == '"' ? strchr(start + 1, '"') : NULL;

        if (end == NULL)
            return false;
        end++;
        if ((weak || !is_weak) && (size_t)(end - start) == strlen(tag) && memcmp(start, tag, strlen(tag)) == 0)
            return true;
        at = end + strspn(end, " \t,");
    }
    return false;
}
