#include "classifier/language/diagnostic.h"

#include <string.h>

static bool ends_local_part(char c)
{
    switch (c) {
    case ' ':
    case '<':
    case '>':
    case '(':
    case ')':
    case '[':
    case ']':
    case ',':
    case ';':
    case ':':
    case '"':
    case '\'':
    case '@':
        return true;
    default:
        return false;
    }
}

/* Does a character of a script that is written without blanks end before `out`? What it says may touch an address. */
static bool is_unspaced(const char *start, const char *out)
{
    const char *lead = out - 1;

    while (lead > start && ((unsigned char)*lead & 0xc0) == 0x80)
        lead--;
    return (unsigned char)*lead >= 0xe2; /* U+2000 and above */
}

/* An address begins at the last character that cannot be in a local part, or behind the code of a reply's line
 * ("550-joe@example.com"); every byte is taken back once at most. */
static char *drop_local_part(const char *start, char *out)
{
    char *end = out;

    while (out > start && !ends_local_part(out[-1]) &&
           !(((unsigned char)out[-1] & 0x80) != 0 && is_unspaced(start, out)))
        out--;
    if (end - out >= 4 && strchr("45", out[0]) && g_ascii_isdigit(out[1]) && g_ascii_isdigit(out[2]) && out[3] == '-')
        out += 4;
    return out;
}

static char *put_wide(gunichar c, char *start, char *out)
{
    if (g_unichar_isspace(c) || g_unichar_iscntrl(c)) {
        if (out > start && out[-1] != ' ')
            *out++ = ' ';
        return out;
    }
    if (c == 0x2019 || c == 0x2018 || c == 0x02bc)
        c = '\'';
    return out + g_unichar_to_utf8(g_unichar_tolower(c), out);
}

/* ASCII in lower case, with control characters as blanks. */
static const char folded[128] = "                                "
                                " !\"#$%&'()*+,-./0123456789:;<=>?"
                                "@abcdefghijklmnopqrstuvwxyz[\\]^_"
                                "`abcdefghijklmnopqrstuvwxyz{|}~ ";

/* "mx.example.com[192.0.2.25]" and "mx.example.com [192.0.2.25]": a name with a dot, which is some server's, and no
 * code or end of a sentence. */
static char *drop_host(const char *start, char *out)
{
    char *name = out > start && out[-1] == ' ' ? out - 1 : out;
    bool dotted = false;

    if (name == start || !g_ascii_isalpha(name[-1]))
        return out;
    for (; name > start && (g_ascii_isalnum(name[-1]) || strchr(".-_", name[-1])); name--)
        dotted = dotted || name[-1] == '.';
    return dotted ? name : out;
}

static inline char *put_ascii(const char *at, char *start, char *out)
{
    char put = folded[(unsigned char)*at];

    if (put == ' ' && (out == start || out[-1] == ' '))
        return out;
    if (put == '@')
        out = drop_local_part(start, out);
    else if (put == '[' && g_ascii_isdigit(at[1]))
        out = drop_host(start, out);
    *out++ = put;
    return out;
}

/* "550-" or "550 ", with the enhanced code that may follow: its length, 0 when there is none. */
static gsize reply_prefix(const char *text, char separator)
{
    gsize length = 4;
    struct diagnostic_status status;

    if (!strchr("245", text[0]) || !g_ascii_isdigit(text[0]) || !g_ascii_isdigit(text[1]) ||
        !g_ascii_isdigit(text[2]) || text[3] != separator)
        return 0;
    if (diagnostic_read_status(text + length, &status)) {
        length += strcspn(text + length, " ");
        if (text[length] == ' ')
            length++;
    }
    return length;
}

static const char *find_continued(const char *text)
{
    for (const char *dash = strchr(text, '-'); dash; dash = strchr(dash + 1, '-')) {
        const char *start = dash - 3;
        if (start >= text && (start == text || start[-1] == ' ') && reply_prefix(start, '-') > 0)
            return start;
    }
    return NULL;
}

/* The lines of a multi-line reply repeat its code; a phrase may run over a line's end. */
static gsize join_lines(char *text, gsize length)
{
    const char *first = find_continued(text);
    if (!first)
        return length;

    char code[4] = {first[0], first[1], first[2], '\0'};
    gsize prefix = reply_prefix(first, '-');
    const char *from = first + prefix;
    char *to = text + (from - text);
    while (*from) {
        gsize skip = 0;
        if (from[-1] == ' ' && strncmp(from, code, 3) == 0) {
            gsize last_line = reply_prefix(from, ' ');
            /* "550 " may be a number in the text, where the first line has an enhanced code and this has none */
            skip = last_line > 4 || prefix == 4 ? last_line : 0;
            skip = skip > 0 ? skip : reply_prefix(from, '-');
        }
        from += skip;
        if (*from && skip == 0)
            *to++ = *from++;
    }
    *to = '\0';
    return (gsize)(to - text);
}

char *diagnostic_normalise(const char *raw, gsize *length)
{
    const char *at = raw ? raw : "";
    gsize left = strnlen(at, DIAGNOSTIC_MAX_BYTES);
    /* lower case takes three bytes for two at the worst */
    char *text = g_malloc(left + left / 2 + 8);
    char *out = text;

    for (const char *end = at + left; at < end;) {
        if (!((unsigned char)*at & 0x80)) {
            out = put_ascii(at++, text, out);
            continue;
        }
        gunichar c = g_utf8_get_char_validated(at, end - at);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            *out++ = '?';
            at++;
        } else {
            out = put_wide(c, text, out);
            at = g_utf8_next_char(at);
        }
    }
    while (out > text && out[-1] == ' ')
        out--;
    *out = '\0';
    *length = join_lines(text, (gsize)(out - text));
    return text;
}

static const char *read_number(const char *at, unsigned *number)
{
    const char *start = at;

    *number = 0;
    while (at - start < 3 && g_ascii_isdigit(*at))
        *number = *number * 10 + (unsigned)(*at++ - '0');
    return at > start && !g_ascii_isdigit(*at) ? at : NULL;
}

/* status = ("2" / "4" / "5") "." 1*3DIGIT "." 1*3DIGIT */
bool diagnostic_read_status(const char *text, struct diagnostic_status *status)
{
    if ((*text != '2' && *text != '4' && *text != '5') || text[1] != '.')
        return false;
    status->class = (unsigned)(*text - '0');
    const char *at = read_number(text + 2, &status->subject);
    if (!at || *at != '.')
        return false;
    at = read_number(at + 1, &status->detail);
    /* a fourth number makes it an IP address */
    return at && !(*at == '.' && g_ascii_isdigit(at[1]));
}

bool diagnostic_find_status(const char *text, struct diagnostic_status *status)
{
    for (const char *dot = strchr(text, '.'); dot; dot = strchr(dot + 1, '.')) {
        const char *start = dot - 1;
        if (start < text || (*start != '4' && *start != '5'))
            continue;
        if ((start == text || strchr(" (#[-:;='", start[-1])) && diagnostic_read_status(start, status))
            return true;
    }
    *status = (struct diagnostic_status){0};
    return false;
}

/* Postfix, when a server greets with a refusal: the reply is the whole cause, and "refused" is a part of it. */
static bool follows_refusal(const char *text, const char *at)
{
    static const char refusal[] = "refused to talk to me: ";
    const size_t length = sizeof(refusal) - 1;

    return (size_t)(at - text) >= length && strncmp(at - length, refusal, length) == 0;
}

/* A reply code stands at the start, or after what introduces a reply: "said: 550 ", "(550 ", "smtp;550 ", "<<< 550 ",
 * or quoted as Cisco's AsyncOS does: " 550-'5.7.1 no'". */
static bool begins_reply(const char *text, const char *at)
{
    if ((*at != '4' && *at != '5') || at[1] > '5' || !g_ascii_isdigit(at[1]) || !g_ascii_isdigit(at[2]) ||
        (at[3] != ' ' && at[3] != '-' && at[3] != '\0'))
        return false;
    if (at == text)
        return true;
    if (at[-1] != ' ')
        return strchr("(:;[", at[-1]) != NULL;
    if (at - 1 == text || (at[3] == '-' && at[4] == '\''))
        return true;
    return strchr(":;]><=)", at[-2]) != NULL && !follows_refusal(text, at);
}

static const char *next_reply(const char *text, const char *at)
{
    for (at = strpbrk(at, "45"); at; at = strpbrk(at + 1, "45")) {
        if (begins_reply(text, at))
            return at;
    }
    return NULL;
}

unsigned diagnostic_find_reply(const char *text)
{
    const char *at = next_reply(text, text);

    if (!at)
        return 0;
    return (unsigned)(at[0] - '0') * 100 + (unsigned)(at[1] - '0') * 10 + (unsigned)(at[2] - '0');
}

/* "554 5.0.0 <@example.com>... service unavailable": Sendmail's words for what the line before it tells. */
static bool refers_back(const char *reply)
{
    static const char *const ends[] = {"... service unavailable", " 5.0.0 service unavailable",
                                       "... can't create output"};

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (g_str_has_suffix(reply, ends[i]))
            return true;
    }
    return strcmp(reply, "554 service unavailable") == 0;
}

const char *diagnostic_innermost(const char *text)
{
    const char *last = text, *before = text;

    for (const char *at = next_reply(text, text); at; at = next_reply(text, at + 1)) {
        before = last;
        last = at;
    }
    return refers_back(last) ? before : last;
}
