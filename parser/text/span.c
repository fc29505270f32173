#include "parser/text/span.h"

#include <glib.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* g_ascii_tolower() is a call, and these run over every byte of a text. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

struct span span_of(const char *text)
{
    return (struct span){text, text == NULL ? 0 : strlen(text)};
}

bool span_line(struct span *rest, struct span *line)
{
    if (!span_cut(rest, '\n', line))
        return false;
    while (line->length > 0 && line->at[line->length - 1] == '\r')
        line->length--;
    return true;
}

bool span_cut(struct span *rest, char separator, struct span *before)
{
    const char *end;

    if (rest->length == 0)
        return false;
    end = memchr(rest->at, separator, rest->length);
    *before = *rest;
    if (end == NULL) {
        *rest = span_skip(*rest, rest->length);
    } else {
        before->length = (size_t)(end - rest->at);
        *rest = span_skip(*rest, before->length + 1);
    }
    return true;
}

bool span_word(struct span *rest, struct span *word)
{
    size_t i = 0;

    while (i < rest->length && is_blank(rest->at[i]))
        i++;
    *rest = span_skip(*rest, i);
    for (i = 0; i < rest->length && !is_blank(rest->at[i]); i++)
        ;
    *word = span_head(*rest, i);
    *rest = span_skip(*rest, i);
    return i > 0;
}

struct span span_trim(struct span text)
{
    while (text.length > 0 && is_blank(text.at[0]))
        text = span_skip(text, 1);
    while (text.length > 0 && is_blank(text.at[text.length - 1]))
        text.length--;
    return text;
}

struct span span_skip(struct span text, size_t n)
{
    n = MIN(n, text.length);
    return n == 0 ? text : (struct span){text.at + n, text.length - n};
}

struct span span_head(struct span text, size_t n)
{
    return (struct span){text.at, MIN(n, text.length)};
}

struct span span_from(struct span text, const char *at)
{
    return span_skip(text, (size_t)(at - text.at));
}

bool span_within(struct span part, struct span whole)
{
    return whole.length > 0 && part.at >= whole.at && part.at < whole.at + whole.length;
}

bool span_is(struct span text, const char *word)
{
    return text.length == strlen(word) && span_starts(text, word);
}

bool span_starts(struct span text, const char *prefix)
{
    size_t i;

    for (i = 0; prefix[i] != '\0'; i++) {
        if (i >= text.length || lower(text.at[i]) != lower(prefix[i]))
            return false;
    }
    return true;
}

bool span_ends(struct span text, const char *suffix)
{
    size_t length = strlen(suffix);

    return length <= text.length && span_starts(span_skip(text, text.length - length), suffix);
}

const char *span_find(struct span text, const char *needle)
{
    size_t length = strlen(needle);
    char first = lower(needle[0]);

    for (size_t i = 0; i + length <= text.length; i++) {
        if (lower(text.at[i]) == first && span_starts(span_skip(text, i), needle))
            return text.at + i;
    }
    return NULL;
}

const char *span_find_char(struct span text, char c)
{
    return text.length == 0 ? NULL : memchr(text.at, c, text.length);
}
