#include "parser/address.h"

#include <string.h>

/* RFC 5321 section 4.5.3.1 allows 64 + 1 + 255; return paths that encode a recipient are seen longer. */
enum { MAX_ADDRESS = 512, MAX_VALUE = 2048 };

static bool is_xtext_hex(char c)
{
    return g_ascii_isdigit(c) || (c >= 'A' && c <= 'F');
}

/* hexchar = "+" two upper-case hex digits (RFC 3461 section 4). Reports hold the address decoded, or, from some MTAs,
 * as it came. A plus may then stand for itself, so only "+" and "=", which xtext must encode, are decoded. */
static void decode_xtext(GString *address)
{
    char *to = address->str;

    for (const char *at = address->str; *at != '\0'; at++) {
        if (at[0] == '+' && is_xtext_hex(at[1]) && is_xtext_hex(at[2])) {
            int c = g_ascii_xdigit_value(at[1]) * 16 + g_ascii_xdigit_value(at[2]);
            if (c == '+' || c == '=') {
                *to++ = (char)c;
                at += 2;
                continue;
            }
        }
        *to++ = *at;
    }
    g_string_truncate(address, (size_t)(to - address->str));
}

/* "\x{" hex digits "}" for a character (RFC 6533 section 3, utf-8-addr-xtext). */
static void decode_unicode(GString *address)
{
    const char *rest = address->str;
    GString *out = NULL;
    const char *open;

    while ((open = strstr(rest, "\\x{")) != NULL) {
        char *end;
        guint64 c = g_ascii_strtoull(open + 3, &end, 16);
        if (*end != '}' || end == open + 3 || !g_unichar_validate((gunichar)MIN(c, G_MAXUINT32)) || c < 0x80)
            break;
        if (out == NULL)
            out = g_string_new(NULL);
        g_string_append_len(out, rest, open - rest);
        g_string_append_unichar(out, (gunichar)c);
        rest = end + 1;
    }
    if (out == NULL)
        return;
    g_string_append(out, rest);
    g_string_assign(address, out->str);
    g_string_free(out, TRUE);
}

/* An address type, "rfc822;" or "utf-8;" (RFC 3464 section 2.3.1), holds no "@". */
static struct span without_type(struct span value)
{
    const char *semicolon = span_find_char(value, ';');
    const char *at = span_find_char(value, '@');

    if (semicolon != NULL && (at == NULL || semicolon < at))
        value = span_skip(value, (size_t)(semicolon - value.at) + 1);
    return span_trim(value);
}

/* The last "<...>" with an "@" in it; what is open to the end counts: reports cut lines. */
static struct span within_brackets(struct span value)
{
    const char *open = NULL; /* the bracket that is open */
    bool at = false;         /* an "@" came after it */
    struct span found = value;

    for (size_t i = 0; i < value.length; i++) {
        const char *c = value.at + i;
        if (*c == '<') {
            open = c + 1;
            at = false;
        } else if (*c == '@') {
            at = true;
        }
        if (open != NULL && at && (*c == '>' || i + 1 == value.length)) {
            found = (struct span){open, (size_t)(c - open) + (*c != '>')};
            open = NULL;
        }
    }
    return span_trim(found);
}

/* The length of the quoted-string that `text` starts with, quotes included; 0 when it is open. */
static size_t quoted_length(struct span text)
{
    for (size_t i = 1; i < text.length; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] == '"')
            return i + 1;
    }
    return 0;
}

/* The word with an "@"; blanks may stand in a quoted local part. Before it there may be a comment and words that end
 * with a colon, nothing else: of "anna lind@example.org" the second half is another person's address. Empty if there is
 * none. */
static struct span address_word(struct span value)
{
    struct span word;
    int comment = 0;

    if (value.length > 0 && value.at[0] == '"') {
        if (span_starts(span_skip(value, quoted_length(value)), "@"))
            return value;
        value = span_skip(value, 1);
    }
    while (span_word(&value, &word)) {
        if (comment == 0 && span_find_char(word, '@') != NULL)
            return word;
        comment += word.at[0] == '(';
        if (comment == 0 && word.at[word.length - 1] != ':')
            break;
        comment -= comment > 0 && word.at[word.length - 1] == ')';
    }
    return (struct span){NULL, 0};
}

/* Marks that programs put around an address: '"', "'", brackets, "mailto:", a route "@a,@b:", a dot or comma behind it.
 */
static struct span without_trimmings(struct span word)
{
    static const char *const prefixes[] = {"mailto:", "smtp:", "rfc822:", "to:", "'", "(", "["};
    const char *at;

    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        if (span_starts(word, prefixes[i]))
            word = span_skip(word, strlen(prefixes[i]));
    }
    if (span_starts(word, "@") && (at = span_find_char(word, ':')) != NULL)
        word = span_skip(word, (size_t)(at - word.at) + 1);
    while (word.length > 0 && strchr("'\">),.;:", word.at[word.length - 1]) != NULL)
        word.length--;
    return word;
}

/* dot-string of RFC 5321 section 4.1.2, with the characters of RFC 6531; doubled and closing dots are in use. */
static bool is_plain_local(const char *local, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((guchar)local[i] <= ' ' || local[i] == 0x7f || strchr("<>()[],;:\\\"@", local[i]) != NULL)
            return false;
    }
    return length > 0;
}

/* quoted-string: what stands between the quotes, without them if it is plain. */
static bool read_local(GString *address, size_t at)
{
    const char *local = address->str;

    if (is_plain_local(local, at))
        return true;
    if (at < 3 || local[0] != '"' || local[at - 1] != '"')
        return false;
    for (size_t i = 1; i + 1 < at; i++) {
        bool escaped = local[i] == '\\' && i + 2 < at;
        i += escaped;
        if (g_ascii_iscntrl(local[i]) || (local[i] == '"' && !escaped))
            return false;
    }
    if (is_plain_local(local + 1, at - 2)) {
        g_string_erase(address, (gssize)at - 1, 1);
        g_string_erase(address, 0, 1);
    }
    return true;
}

/* No control or format character and no blank but U+0020: a terminal, a log or a reader would take such an address for
 * another one (C1 controls, U+2028, marks that change the direction of text, blanks without width). */
static bool is_visible(const char *address)
{
    for (const char *at = address; *at != '\0'; at = g_utf8_next_char(at)) {
        if ((*at & 0x80) == 0) {
            if (g_ascii_iscntrl(*at))
                return false;
            continue;
        }
        switch (g_unichar_type(g_utf8_get_char(at))) {
        case G_UNICODE_CONTROL:
        case G_UNICODE_FORMAT:
        case G_UNICODE_SPACE_SEPARATOR:
        case G_UNICODE_LINE_SEPARATOR:
        case G_UNICODE_PARAGRAPH_SEPARATOR:
            return false;
        default:
            break;
        }
    }
    return true;
}

/* Is `word`, in brackets or not, all that `value` holds? */
static bool is_alone(struct span value, struct span word)
{
    value = span_trim(value);
    return word.length == value.length ||
           (word.length + 2 == value.length && value.at[0] == '<' && value.at[value.length - 1] == '>');
}

/* An address that was mistyped when it was taken: visible ASCII, and none of the marks of a list of addresses. */
static bool append_tried(GString *address, const char *domain)
{
    size_t label = 0;

    for (const char *at = domain; *at != '\0'; at++) {
        label = *at == '.' ? 0 : label + 1;
        if (!g_ascii_isgraph(*at) || strchr("<>()[],;:\\\"@", *at) != NULL || label > DOMAIN_LABEL_MAX)
            return false;
    }
    if (*domain == '\0' || strlen(domain) > DOMAIN_NAME_MAX)
        return false;
    for (const char *at = domain; *at != '\0'; at++)
        g_string_append_c(address, g_ascii_tolower(*at));
    return true;
}

static bool is_read_domain(struct span domain)
{
    size_t label = 0;

    if (domain.length == 0 || domain.length > DOMAIN_NAME_MAX || domain.at[0] == '-')
        return false;
    for (size_t i = 0; i < domain.length; i++) {
        char c = domain.at[i];
        if (c == '.' ? label == 0
                     : !(g_ascii_islower(c) || g_ascii_isdigit(c) || c == '-') || label == DOMAIN_LABEL_MAX)
            return false;
        label = c == '.' ? 0 : label + 1;
    }
    return label > 0;
}

static bool is_common_mark(char c)
{
    return c == '.' || c == '_' || c == '-' || c == '+' || c == '=';
}

/* Most addresses that a list has are of letters, digits and "._-+=", and their domain is in lower case: they are read
 * already, and whoever asks for many need not wait for what the others need. */
static bool is_read(struct span value)
{
    size_t local = 0;

    if (value.length > MAX_ADDRESS)
        return false;
    while (local < value.length && (g_ascii_isalnum(value.at[local]) || is_common_mark(value.at[local])))
        local++;
    return local > 0 && local < value.length && value.at[local] == '@' && is_read_domain(span_skip(value, local + 1));
}

bool address_read(struct span value, enum address_form form, GString *address)
{
    return address_read_next(value, form, NULL, address);
}

/* The address itself; empty if there is none. */
static struct span find_address(struct span value, bool alone)
{
    struct span word = address_word(within_brackets(without_type(span_trim(span_head(value, MAX_VALUE)))));

    if (alone)
        return is_alone(value, word) ? word : (struct span){NULL, 0};
    return without_trimmings(word);
}

bool address_read_next(struct span value, enum address_form form, struct domain_memory *memory, GString *address)
{
    bool alone = form == ADDRESS_ALONE || form == ADDRESS_LISTED;
    g_autofree char *domain = NULL;
    const char *at;
    size_t local;

    g_string_truncate(address, 0);
    if (alone && is_read(value)) {
        g_string_append_len(address, value.at, (gssize)value.length);
        return true;
    }
    value = find_address(value, alone);
    if (value.length == 0 || value.length > MAX_ADDRESS || span_find_char(value, '\0') != NULL)
        return false;
    g_string_append_len(address, value.at, (gssize)value.length);
    if (!g_utf8_validate(address->str, (gssize)address->len, NULL))
        return false;
    decode_unicode(address);
    if (form == ADDRESS_XTEXT)
        decode_xtext(address);
    if (!is_visible(address->str) || (at = strrchr(address->str, '@')) == NULL)
        return false;
    local = (size_t)(at - address->str);
    domain = g_strdup(at + 1);
    g_string_truncate(address, local + 1);
    if (!domain_append(address, domain, memory) &&
        ((form != ADDRESS_TRIED && form != ADDRESS_LISTED) || !append_tried(address, domain)))
        return false;
    return read_local(address, local);
}

bool address_next(struct span *list, GString *address)
{
    while (list->length > 0) {
        struct span item;
        size_t i;
        bool quoted = false;
        int comment = 0;

        for (i = 0; i < list->length; i++) {
            char c = list->at[i];
            if (c == '"' && comment == 0)
                quoted = !quoted;
            else if (!quoted && c == '(')
                comment++;
            else if (!quoted && c == ')' && comment > 0)
                comment--;
            else if (!quoted && comment == 0 && (c == ',' || c == ';'))
                break;
        }
        item = span_head(*list, i);
        *list = span_skip(*list, i + 1);
        if (address_read(item, ADDRESS_PLAIN, address))
            return true;
    }
    return false;
}

/* A word for "not told", alone or with a mark and more behind it. */
static bool is_redaction_word(struct span local)
{
    static const char *const words[] = {"redacted", "undisclosed", "hashed", "unknown", "anonymous"};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        struct span tail = span_skip(local, strlen(words[i]));
        if (span_starts(local, words[i]) && (tail.length == 0 || (i < 3 && strchr("-_.+", tail.at[0]) != NULL)))
            return true;
    }
    return false;
}

static bool is_made_of(struct span text, const char *characters, size_t min)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '\0' || strchr(characters, text.at[i]) == NULL)
            return false;
    }
    return text.length >= min;
}

/* RFC 6590 section 4: the base64 of a keyed hash in place of the local part. */
static bool is_hash_token(struct span local)
{
    size_t padding = 0;

    while (padding < 2 && padding < local.length && local.at[local.length - 1 - padding] == '=')
        padding++;
    return padding > 0 && local.length % 4 == 0 &&
           is_made_of(span_head(local, local.length - padding),
                      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_", 18);
}

static struct span local_part(const char *address)
{
    const char *at = strrchr(address, '@');

    return at == NULL ? span_of(address) : span_head(span_of(address), (size_t)(at - address));
}

bool address_redacted(const char *address)
{
    struct span whole = span_of(address);

    return is_redaction_word(local_part(address)) || span_ends(whole, ".invalid") || span_ends(whole, "@invalid");
}

bool address_hashed(const char *address)
{
    struct span local = local_part(address);

    return is_made_of(local, "xX", 3) || is_made_of(local, "0123456789abcdefABCDEF", 32) || is_hash_token(local);
}
