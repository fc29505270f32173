#include "parser/text/mentions.h"

#include <glib.h>
#include <string.h>

enum { MAX_LOCAL = 320, MAX_LEADING = 600 };

/* atext, dots, and what is not ASCII (RFC 6531); an apostrophe quotes an address more often than it is part of one. */
static bool is_local(char c)
{
    return g_ascii_isalnum(c) || (c & 0x80) != 0 || (c != '\0' && strchr("!#$%&*+-./=?^_`{|}~", c) != NULL);
}

static bool is_domain(char c)
{
    return g_ascii_isalnum(c) || (c & 0x80) != 0 || c == '-' || c == '.' || c == '_';
}

/* Blanks that are not ASCII: no-break space, zero width space, ideographic space, byte order mark. */
static const char *const wide_blanks[] = {"\xc2\xa0", "\xe2\x80\x8b", "\xe3\x80\x80", "\xef\xbb\xbf"};

/* How long the one is that `text` starts with; 0 when there is none. */
static size_t leading_blank(struct span text)
{
    for (size_t i = 0; text.length > 0 && (text.at[0] & 0x80) != 0 && i < G_N_ELEMENTS(wide_blanks); i++) {
        if (span_starts(text, wide_blanks[i]))
            return strlen(wide_blanks[i]);
    }
    return 0;
}

static bool ends_with_blank(struct span text)
{
    for (size_t i = 0; text.length > 0 && (text.at[text.length - 1] & 0x80) != 0 && i < G_N_ELEMENTS(wide_blanks);
         i++) {
        if (span_ends(text, wide_blanks[i]))
            return true;
    }
    return false;
}

/* span_trim(), and those before the text. */
static struct span trim(struct span text)
{
    size_t length;

    text = span_trim(text);
    while ((length = leading_blank(text)) > 0)
        text = span_trim(span_skip(text, length));
    return text;
}

/* Does a character of a script that is written without blanks start here? Such words may touch an address: U+2000 and
 * above (CJK, kana, hangul, and their punctuation), Thai and Lao. */
static bool is_unspaced(struct span text, size_t i)
{
    unsigned char first = (unsigned char)text.at[i];

    return first >= 0xe2 || (first == 0xe0 && i + 1 < text.length && (unsigned char)text.at[i + 1] >= 0xb8);
}

/* Does the character before `i` do so, and one of ASCII at `i`? */
static bool touches(struct span text, size_t i)
{
    size_t before = i - 1;

    if ((text.at[i] & 0x80) != 0 || text.at[i] == '@')
        return false;
    while (before > 0 && (text.at[before] & 0xc0) == 0x80)
        before--;
    return is_unspaced(text, before);
}

/* A quoted local part ends at `end`; where it starts. */
static size_t quoted_start(struct span text, size_t from, size_t end)
{
    for (size_t i = end; i-- > from && end - i < MAX_LOCAL;) {
        if (text.at[i] == '"' && (i == 0 || text.at[i - 1] != '\\'))
            return i;
    }
    return end;
}

/* Where the local part starts whose "@" stands at `at`; nothing before `from` belongs to it. */
static size_t local_start(struct span text, size_t from, size_t at)
{
    size_t start = at;

    if (start > from && text.at[start - 1] == '"')
        start = quoted_start(text, from, start - 1);
    else
        while (start > from && at - start < MAX_LOCAL && is_local(text.at[start - 1]) && !touches(text, start) &&
               !ends_with_blank(span_head(text, start)))
            start--;
    while (start < at && strchr("=.-/*", text.at[start]) != NULL)
        start++;
    return start;
}

/* Where the domain ends whose "@" stands at `at`. */
static size_t domain_end(struct span text, size_t at)
{
    size_t end = at + 1;

    while (end < text.length && is_domain(text.at[end]) && leading_blank(span_skip(text, end)) == 0 &&
           !(g_ascii_isalnum(text.at[end - 1]) && is_unspaced(text, end)))
        end++;
    while (end > at + 1 && strchr(".-_", text.at[end - 1]) != NULL)
        end--;
    return end;
}

bool mentions_next(struct span text, size_t *from, struct span *address)
{
    const char *found;

    while ((found = span_find_char(span_skip(text, *from), '@')) != NULL) {
        size_t at = (size_t)(found - text.at);
        size_t start = local_start(text, *from, at);
        size_t end = domain_end(text, at);

        *from = end;
        if (start < at && end > at + 1) {
            *address = (struct span){text.at + start, end - start};
            return true;
        }
    }
    *from = text.length;
    return false;
}

bool mentions_same(struct span a, struct span b)
{
    return a.length == b.length && g_ascii_strncasecmp(a.at, b.at, a.length) == 0;
}

bool mentions_has(struct span list, struct span address)
{
    struct span listed;
    size_t from = 0;

    while (mentions_next(list, &from, &listed)) {
        if (mentions_same(listed, address))
            return true;
    }
    return false;
}

struct span mentions_line(struct span text, struct span address)
{
    struct span line;

    while (span_line(&text, &line)) {
        if (mentions_has(line, address))
            return line;
    }
    return (struct span){NULL, 0};
}

/* Marks before an item of a list. */
static struct span without_bullet(struct span line)
{
    static const char *const bullets[] = {"*", "-", "\xe2\x80\xa2", "\xc2\xb7", "o "};

    line = trim(line);
    for (size_t i = 0; i < G_N_ELEMENTS(bullets); i++) {
        struct span tail = span_skip(line, strlen(bullets[i]));
        if (span_starts(line, bullets[i]) && tail.length > 0 && tail.at[0] != bullets[i][0])
            return trim(tail);
    }
    return line;
}

/* The brackets that an address may stand in. */
static char closing(char opening)
{
    switch (opening) {
    case '<':
        return '>';
    case '[':
        return ']';
    case '"':
    case '\'':
        return opening;
    default:
        return '\0';
    }
}

/* "<user@example.com> tail", "[mailto:user@example.com] tail": nothing but an address between the brackets. */
static bool take_bracketed(struct span text, char close, struct span *address, struct span *tail)
{
    const char *end = span_find_char(span_skip(text, 1), close);
    struct span inner;
    size_t from = 0;

    if (end == NULL)
        return false;
    inner = span_trim(span_skip(span_head(text, (size_t)(end - text.at)), 1));
    if (!mentions_next(inner, &from, address) || address->at != inner.at || from != inner.length)
        return false;
    *tail = span_trim(span_skip(span_from(text, end), 1));
    return true;
}

bool mentions_leading(struct span line, struct span *address, struct span *tail)
{
    struct span text = without_bullet(line);
    size_t from = 0;
    char close;

    if (text.length == 0)
        return false;
    close = closing(text.at[0]);
    if (close != '\0' && span_starts(span_skip(text, 1), "mailto:"))
        text = span_skip(text, strlen("mailto:"));
    if (close != '\0' && take_bracketed(text, close, address, tail))
        return true;
    if (close != '\0' && text.at[0] != '"') /* but a quoted local part */
        return false;
    if (!mentions_next(span_head(text, MAX_LEADING), &from, address) || address->at != text.at)
        return false;
    *tail = span_trim(span_skip(text, from));
    return true;
}
