#include "parser/paths/mac.h"

#include <string.h>

/* 80 bits of HMAC-SHA256 are too many to guess, and few enough for 64 octets of local part. */
enum { DAY_DIGITS = 4, MAC_DIGITS = 20 };

/* Letters are folded, since an MTA may fold the address. The caller frees. */
static char *compute(const char *key, const char *domain, struct span covered)
{
    g_autofree char *folded = g_ascii_strdown(covered.at, (gssize)covered.length);
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)key, strlen(key));

    g_hmac_update(hmac, (const guchar *)domain, (gssize)strlen(domain) + 1);
    g_hmac_update(hmac, (const guchar *)folded, (gssize)strlen(folded));
    return g_strndup(g_hmac_get_string(hmac), MAC_DIGITS);
}

/* In constant time, so that a peer learns nothing from how long it takes. */
static bool is_equal(const char *mac, const char *given)
{
    unsigned char difference = 0;

    for (size_t i = 0; i < MAC_DIGITS; i++)
        difference |= (unsigned char)(mac[i] ^ g_ascii_tolower(given[i]));
    return difference == 0;
}

char *mac_sign(const char *key, const char *domain, const char *encoded, unsigned day)
{
    g_autofree char *dated = g_strdup_printf("%s+%04x", encoded, day);
    g_autofree char *mac = compute(key, domain, span_of(dated));

    return g_strconcat(dated, mac, NULL);
}

static bool read_day(struct span digits, unsigned *day)
{
    *day = 0;
    for (size_t i = 0; i < digits.length; i++) {
        int digit = g_ascii_xdigit_value(digits.at[i]);
        if (digit < 0)
            return false;
        *day = *day * 16 + (unsigned)digit;
    }
    return true;
}

bool mac_check(const GPtrArray *keys, const char *domain, struct span text, struct span *covered, unsigned *day)
{
    const char *plus = text.length > 0 ? memrchr(text.at, '+', text.length) : NULL;
    struct span dated;
    bool good = false;

    if (plus == NULL || memchr(text.at, '\0', text.length) != NULL)
        return false;
    *covered = span_head(text, (size_t)(plus - text.at));
    if (text.length != covered->length + 1 + DAY_DIGITS + MAC_DIGITS ||
        !read_day(span_head(span_skip(text, covered->length + 1), DAY_DIGITS), day))
        return false;
    dated = span_head(text, covered->length + 1 + DAY_DIGITS);
    for (guint i = 0; keys != NULL && i < keys->len; i++) {
        g_autofree char *mac = compute(keys->pdata[i], domain, dated);
        good |= is_equal(mac, dated.at + dated.length);
    }
    return good;
}
