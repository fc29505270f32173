#include "parser/text/domain.h"

#include <idn2.h>
#include <string.h>

/* The dot of the root is no part of a name as it is kept. */
static void cut_root(char *domain)
{
    size_t length = strlen(domain);

    if (length > 1 && domain[length - 1] == '.')
        domain[length - 1] = '\0';
}

/* An address literal of RFC 5321 section 4.1.3, or labels; underscores and a closing hyphen are in use. */
static bool is_domain(const char *domain)
{
    if (domain[0] == '[')
        return domain[strspn(domain + 1, "0123456789abcdef.:ipv") + 1] == ']' && g_str_has_suffix(domain, "]");
    if (domain[0] == '\0' || domain[0] == '.' || domain[0] == '-')
        return false;
    return domain[strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] == '\0' && strstr(domain, "..") == NULL &&
           !g_str_has_suffix(domain, ".");
}

/* An A-label is at least as many octets long as its U-label has characters (RFC 3492), so a longer one is not worth a
 * call of the library, whose time grows with the square of the length. */
static bool fits(const char *domain)
{
    size_t label = 0, name = 0;

    for (const char *at = domain; *at != '\0'; at++) {
        if ((*at & 0xc0) == 0x80)
            continue;
        name++;
        label = *at == '.' ? 0 : label + 1;
        if (label > DOMAIN_LABEL_MAX || name > DOMAIN_NAME_MAX)
            return false;
    }
    return true;
}

/* Does it fit now that it is ASCII? */
static bool append_ascii(GString *out, const char *domain)
{
    if (!is_domain(domain) || !fits(domain))
        return false;
    g_string_append(out, domain);
    return true;
}

bool domain_append(GString *out, const char *domain, struct domain_memory *memory)
{
    g_autofree char *lower = g_ascii_strdown(domain, -1);
    char *a_labels;
    bool good;

    cut_root(lower);
    if (g_str_is_ascii(lower))
        return append_ascii(out, lower);
    if (!fits(lower))
        return false;
    if (memory != NULL && strcmp(memory->given, lower) == 0)
        return append_ascii(out, memory->name);
    if (idn2_lookup_u8((const uint8_t *)lower, (uint8_t **)&a_labels, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
        return false;
    cut_root(a_labels); /* IDEOGRAPHIC FULL STOP is one, too */
    good = append_ascii(out, a_labels);
    if (good && memory != NULL && strlen(lower) < sizeof(memory->given)) {
        g_strlcpy(memory->given, lower, sizeof(memory->given));
        g_strlcpy(memory->name, a_labels, sizeof(memory->name));
    }
    idn2_free(a_labels);
    return good;
}

void domain_append_unicode(GString *out, const char *domain)
{
    char *u_labels = NULL;

    if (idn2_to_unicode_8z8z(domain, &u_labels, 0) != IDN2_OK) {
        g_string_append(out, domain);
        return;
    }
    g_string_append(out, u_labels);
    idn2_free(u_labels);
}
