#include "parser/return_path.h"

#include <string.h>

/* Of an address that we make: LOCAL_PART+USER=DOMAIN+MAC@domain. */
#define LOCAL_PART "bounces"
enum {
    MAC_DIGITS = 20, /* hex: 80 bits of HMAC-SHA256, too many to guess, few enough for 64 octets of local part */
    LOCAL_PART_MAX = 64,
};

const char *const return_path_scheme_names[] = {
    [RETURN_PATH_PLAIN] = "plain", [RETURN_PATH_VERP] = "verp", [RETURN_PATH_SIGNED] = "signed",
    [RETURN_PATH_BATV] = "batv",   [RETURN_PATH_SRS] = "srs",   NULL,
};

void return_path_free(struct return_path *path)
{
    if (path == NULL)
        return;
    g_free(path->name);
    g_free(path->domain);
    g_free(path->address);
    g_free(path->stream);
    g_free(path->forward);
    if (path->keys != NULL)
        g_ptr_array_unref(path->keys);
    g_free(path);
}

/* The MAC of "USER=DOMAIN" for mail that returns to `domain`. Letters are folded, since an MTA may fold the address. */
static char *make_mac(const char *key, const char *domain, const char *encoded, size_t length)
{
    g_autofree char *folded = g_ascii_strdown(encoded, (gssize)length);
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)key, strlen(key));

    g_hmac_update(hmac, (const guchar *)domain, (gssize)strlen(domain) + 1);
    g_hmac_update(hmac, (const guchar *)folded, (gssize)strlen(folded));
    return g_strndup(g_hmac_get_string(hmac), MAC_DIGITS);
}

/* In constant time, so that a peer learns nothing from how long it takes. */
static bool mac_equal(const char *mac, const char *given)
{
    unsigned char difference = 0;

    for (size_t i = 0; i < MAC_DIGITS; i++)
        difference |= (unsigned char)(mac[i] ^ g_ascii_tolower(given[i]));
    return difference == 0;
}

/* What a local part stands for: RFC 5322's quoted-string without its quotes and backslashes, other text as it is. */
static GString *unquote(const char *start, const char *end)
{
    GString *plain = g_string_new(NULL);

    if (end - start < 2 || *start != '"' || end[-1] != '"')
        return g_string_append_len(plain, start, end - start);
    for (const char *at = start + 1; at < end - 1; at++) {
        if (*at == '\\' && at + 1 < end - 1)
            at++;
        g_string_append_c(plain, *at);
    }
    return plain;
}

static bool is_atext(char c)
{
    return g_ascii_isalnum(c) || (c & 0x80) != 0 || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* dot-atom = 1*atext *("." 1*atext) */
static bool is_dot_atom(const char *text, size_t length)
{
    bool atom = false;

    for (size_t i = 0; i < length; i++) {
        if (text[i] == '.' ? !atom : !is_atext(text[i]))
            return false;
        atom = text[i] != '.';
    }
    return atom;
}

/* Appends it as a local part: quoted when it must be. */
static void append_local_part(GString *address, const char *text, size_t length)
{
    if (is_dot_atom(text, length)) {
        g_string_append_len(address, text, (gssize)length);
        return;
    }
    g_string_append_c(address, '"');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"' || text[i] == '\\')
            g_string_append_c(address, '\\');
        g_string_append_c(address, text[i]);
    }
    g_string_append_c(address, '"');
}

/* "USER=DOMAIN" as an address; the domain starts after the last "=", which no domain holds. */
static char *decode_recipient(const char *encoded, const char *end)
{
    const char *equals = memrchr(encoded, '=', (size_t)(end - encoded));

    if (equals == NULL || equals == encoded || equals + 1 == end)
        return NULL;
    if (memchr(equals, '+', (size_t)(end - equals)) != NULL)
        return NULL;
    GString *address = g_string_new(NULL);
    append_local_part(address, encoded, (size_t)(equals - encoded));
    g_string_append_c(address, '@');
    g_string_append_len(address, equals + 1, end - equals - 1);
    return g_string_free(address, FALSE);
}

/* prvs=TAG=LOCAL and its older twin prvs=LOCAL/TAG (draft-levine-smtp-batv-01): the start and end of LOCAL. */
static void unwrap_batv(const char **start, const char **end)
{
    const char *tag, *mark;

    if (*end - *start < 5 || g_ascii_strncasecmp(*start, "prvs=", 5) != 0)
        return;
    tag = *start + 5;
    if ((mark = memchr(tag, '/', (size_t)(*end - tag))) != NULL) {
        *start = tag;
        *end = mark;
    } else if ((mark = memchr(tag, '=', (size_t)(*end - tag))) != NULL) {
        *start = mark + 1;
    }
}

/* LOCAL+USER=DOMAIN+MAC: true when one of the path's keys made the MAC. */
static bool verify(const struct return_path *path, const char *encoded, const char *end, const char **mac_start)
{
    const char *plus = memrchr(encoded, '+', (size_t)(end - encoded));

    *mac_start = end;
    if (path->keys == NULL || plus == NULL || end - plus - 1 != MAC_DIGITS)
        return false;
    *mac_start = plus;
    for (guint i = 0; i < path->keys->len; i++) {
        g_autofree char *mac = make_mac(path->keys->pdata[i], path->domain, encoded, (size_t)(plus - encoded));

        if (mac_equal(mac, plus + 1))
            return true;
    }
    return false;
}

static void read_local_part(const struct return_path *path, const char *address, const char *at,
                            struct return_path_match *match)
{
    *match = (struct return_path_match){.path = path, .evidence = REPORT_EVIDENCE_UNPROVEN};
    if (path->scheme == RETURN_PATH_PLAIN || path->scheme == RETURN_PATH_SRS)
        return;
    g_autoptr(GString) plain = unquote(address, at);
    const char *start = plain->str, *end = plain->str + plain->len, *plus, *stop;
    unwrap_batv(&start, &end);
    plus = memchr(start, '+', (size_t)(end - start));
    if (plus == NULL)
        return;
    stop = end;
    if (path->scheme == RETURN_PATH_SIGNED && verify(path, plus + 1, end, &stop))
        match->evidence = REPORT_EVIDENCE_SIGNED;
    match->recipient = decode_recipient(plus + 1, stop);
}

static bool accepts(const struct return_path *path, const char *address, const char *at)
{
    if (path->address != NULL)
        return g_ascii_strcasecmp(path->address, address) == 0;
    return path->domain != NULL && g_ascii_strcasecmp(path->domain, at + 1) == 0;
}

/* A valid signature wins over all; then an address is more to the point than its whole domain; then the first. */
static int rank(const struct return_path_match *match)
{
    return 2 * (match->evidence == REPORT_EVIDENCE_SIGNED) + (match->path->address != NULL);
}

bool return_path_match(const GPtrArray *paths, const char *address, struct return_path_match *match)
{
    const char *at = strrchr(address, '@');
    struct return_path_match best = {0};

    for (guint i = 0; paths != NULL && at != NULL && i < paths->len; i++) {
        struct return_path_match found;

        if (!accepts(paths->pdata[i], address, at))
            continue;
        read_local_part(paths->pdata[i], address, at, &found);
        if (best.path == NULL || rank(&found) > rank(&best)) {
            g_free(best.recipient);
            best = found;
        } else {
            g_free(found.recipient);
        }
    }
    *match = best;
    return best.path != NULL;
}

char *return_path_make(const struct return_path *path, const char *recipient)
{
    const char *at = strrchr(recipient, '@');
    bool sign = path->scheme == RETURN_PATH_SIGNED;

    if (at == NULL || path->domain == NULL || (path->scheme != RETURN_PATH_VERP && !sign))
        return NULL;
    if (sign && (path->keys == NULL || path->keys->len == 0))
        return NULL;
    g_autoptr(GString) local = unquote(recipient, at);
    g_string_append_printf(local, "=%s", at + 1);
    if (sign) {
        g_autofree char *mac = make_mac(path->keys->pdata[0], path->domain, local->str, local->len);

        g_string_append_printf(local, "+%s", mac);
    }
    g_string_prepend(local, LOCAL_PART "+");
    g_autoptr(GString) made = g_string_new(NULL);
    append_local_part(made, local->str, local->len);
    if (made->len > LOCAL_PART_MAX)
        return NULL;
    g_string_append_printf(made, "@%s", path->domain);
    return g_string_free(g_steal_pointer(&made), FALSE);
}
