#include "cmd/bounced/smtp/path.h"

#include <arpa/inet.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* Each take_ function reads one production at `*at`, moves `*at` behind it and says whether it was there. A NUL ends
 * the text and is in no production. */

static bool non_ascii(char c)
{
    return (unsigned char)c >= 0x80;
}

/* atext = ALPHA / DIGIT / "!" / "#" / ... (RFC 5322 section 3.2.3) / UTF8-non-ascii (RFC 6531) */
static bool atext(char c)
{
    return g_ascii_isalnum(c) || non_ascii(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* Dot-string = Atom *("." Atom)
 *
 * Dots are taken anywhere: NTT Docomo and KDDI gave out addresses with ".." and ".@" until 2009, and such addresses
 * stand inside our return paths too. */
static bool take_dot_string(const char **at)
{
    const char *start = *at;

    while (atext(**at) || **at == '.')
        (*at)++;
    return *at > start;
}

/* Quoted-string = DQUOTE *QcontentSMTP DQUOTE
 * QcontentSMTP = qtextSMTP / quoted-pairSMTP
 * quoted-pairSMTP = %d92 %d32-126
 * qtextSMTP = %d32-33 / %d35-91 / %d93-126 / UTF8-non-ascii */
static bool take_quoted_string(const char **at, GString *content)
{
    const char *p = *at;

    if (*p++ != '"')
        return false;
    for (; *p != '"'; p++) {
        if (*p == '\\' && !non_ascii(p[1]))
            p++;
        if (!g_ascii_isprint(*p) && !non_ascii(*p))
            return false;
        g_string_append_c(content, *p);
    }
    *at = p + 1;
    return true;
}

static void append_quoted(GString *address, const char *content)
{
    g_string_append_c(address, '"');
    for (; *content != '\0'; content++) {
        if (*content == '"' || *content == '\\')
            g_string_append_c(address, '\\');
        g_string_append_c(address, *content);
    }
    g_string_append_c(address, '"');
}

/* Local-part = Dot-string / Quoted-string */
static bool take_local_part(const char **at, GString *address)
{
    const char *start = *at;
    g_autoptr(GString) content = NULL;
    const char *bare;

    if (*start != '"') {
        if (!take_dot_string(at))
            return false;
        g_string_append_len(address, start, *at - start);
        return true;
    }
    content = g_string_new(NULL);
    if (!take_quoted_string(at, content))
        return false;
    bare = content->str;
    if (take_dot_string(&bare) && *bare == '\0')
        g_string_append(address, content->str);
    else
        append_quoted(address, content->str);
    return true;
}

/* Domain = sub-domain *("." sub-domain)
 * sub-domain = Let-dig [Ldh-str] / U-label
 *
 * "_" is taken: host names with it send mail. */
static bool take_domain(const char **at)
{
    const char *p = *at;

    for (;; p++) {
        const char *label = p;

        while (g_ascii_isalnum(*p) || *p == '-' || *p == '_' || non_ascii(*p))
            p++;
        if (p == label || *label == '-' || p[-1] == '-')
            return false;
        if (*p != '.')
            break;
    }
    *at = p;
    return true;
}

/* address-literal = "[" ( IPv4-address-literal / IPv6-address-literal / General-address-literal ) "]"
 * IPv6-address-literal = "IPv6:" IPv6-addr
 *
 * No other tag than IPv6 was ever registered. */
static bool take_address_literal(const char **at)
{
    const char *end = **at == '[' ? strchr(*at, ']') : NULL;
    g_autofree char *literal = NULL;
    struct in6_addr unused;
    bool valid;

    if (end == NULL)
        return false;
    literal = g_strndup(*at + 1, (size_t)(end - *at - 1));
    if (g_ascii_strncasecmp(literal, "IPv6:", 5) == 0)
        valid = inet_pton(AF_INET6, literal + 5, &unused) == 1;
    else
        valid = inet_pton(AF_INET, literal, &unused) == 1;
    if (valid)
        *at = end + 1;
    return valid;
}

/* A-d-l = At-domain *( "," At-domain )
 * At-domain = "@" Domain
 *
 * Then ":". It must be understood and should be ignored (RFC 5321 appendix C). */
static bool take_source_route(const char **at)
{
    const char *p = *at;

    for (;; p++) {
        if (*p++ != '@' || !take_domain(&p))
            return false;
        if (*p != ',')
            break;
    }
    if (*p != ':')
        return false;
    *at = p + 1;
    return true;
}

/* "Postmaster" alone (RFC 5321 section 4.1.1.3), in any case, and what else is allowed. */
static bool may_be_alone(GString *local, unsigned allow)
{
    if ((allow & PATH_ALLOW_POSTMASTER) != 0 && g_ascii_strcasecmp(local->str, "postmaster") == 0) {
        g_string_assign(local, "postmaster");
        return true;
    }
    if ((allow & PATH_ALLOW_DAEMON) != 0 && g_ascii_strcasecmp(local->str, "mailer-daemon") == 0)
        return true;
    return (allow & PATH_ALLOW_LOCAL) != 0 && strchr(local->str, '@') == NULL;
}

/* Mailbox = Local-part "@" ( Domain / address-literal ) */
static bool take_mailbox(const char **at, unsigned allow, GString *address)
{
    const char *domain;

    if (!take_local_part(at, address))
        return false;
    if (**at == '>')
        return may_be_alone(address, allow);
    if (*(*at)++ != '@')
        return false;
    domain = *at;
    if (!take_domain(at) && !take_address_literal(at))
        return false;
    g_string_append_c(address, '@');
    g_string_append_len(address, domain, *at - domain);
    return true;
}

/* Reverse-path = Path / "<>"
 * Forward-path = Path
 * Path = "<" [ A-d-l ":" ] Mailbox ">" */
enum path_result path_parse(const char **at, unsigned allow, char **address)
{
    const char *p = *at;
    g_autoptr(GString) found = g_string_new(NULL);

    if (*p++ != '<')
        return PATH_RESULT_BAD;
    if (*p != '>' || (allow & PATH_ALLOW_NULL) == 0) {
        if (*p == '@' && !take_source_route(&p))
            return PATH_RESULT_BAD;
        if (!take_mailbox(&p, allow, found) || *p != '>')
            return PATH_RESULT_BAD;
    }
    if (!g_utf8_validate(found->str, (gssize)found->len, NULL))
        return PATH_RESULT_BAD;
    if (!g_str_is_ascii(found->str) && (allow & PATH_ALLOW_UTF8) == 0)
        return PATH_RESULT_NON_ASCII;
    *at = p + 1;
    *address = g_string_free(g_steal_pointer(&found), FALSE);
    return PATH_RESULT_OK;
}
