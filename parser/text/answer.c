#include "parser/text/answer.h"

#include <glib.h>
#include <string.h>

/* A number before one of these counts something. Amounts are never behind a reply code; the others may begin its text.
 */
static const char *const amounts[] = {"byte",   "kb",  "mb",     "gb",  "kib",  "mib", "gib",
                                      "second", "sec", "minute", "min", "hour", "day"};
static const char *const things[] = {"message",   "email", "mail", "recipient", "connection", "address",
                                     "character", "line",  "user", "time",      "per"};

static bool is_one_of(char c, const char *characters)
{
    return c != '\0' && strchr(characters, c) != NULL;
}

/* status-code = ("2" / "4" / "5") "." 1*3DIGIT "." 1*3DIGIT; its length, 0 when there is none. Subjects with more than
 * one digit are not assigned: they are versions and IP addresses. */
static size_t status_length(struct span text)
{
    size_t i = 4;

    if (text.length < 5 || !is_one_of(text.at[0], "245") || text.at[1] != '.' || !g_ascii_isdigit(text.at[2]) ||
        text.at[3] != '.')
        return 0;
    while (i < text.length && i < 8 && g_ascii_isdigit(text.at[i]))
        i++;
    return i == 4 || i == 8 ? 0 : i;
}

bool answer_is_status(struct span text)
{
    return text.length > 0 && status_length(text) == text.length;
}

bool answer_is_vague(struct span status)
{
    return status.length == 5 && memcmp(status.at + 1, ".0.0", 4) == 0;
}

static char char_at(struct span text, size_t i)
{
    return i < text.length ? text.at[i] : ' ';
}

static char char_before(struct span text, size_t i)
{
    return i > 0 ? text.at[i - 1] : ' ';
}

/* Does what stands at `i` continue the number before it into a longer one, a name or an IP address? */
static bool continues(struct span text, size_t i)
{
    char c = char_at(text, i);

    if (c == '.' || c == ',')
        return g_ascii_isalnum(char_at(text, i + 1));
    return g_ascii_isalnum(c) || c == '_' || c == '@' || c == '/' || c == '\0';
}

static bool starts_word(struct span text, size_t i)
{
    char c = char_before(text, i);

    return !g_ascii_isalnum(c) && c != '\0' && !is_one_of(c, "._@/$=+,");
}

/* Where a status may follow the reply that ends at `i`: "550 5.1.1", "550-5.1.1", "550 #5.1.0", "550-'5.7.1",
 * "550: 5.1.1". */
static size_t after_reply(struct span text, size_t i)
{
    size_t end = MIN(i + 4, text.length);

    while (i < end && is_one_of(text.at[i], " -#(':"))
        i++;
    return i;
}

/* Is the word at `i`, in singular or plural, one of `words`? */
static bool is_word(struct span text, size_t i, const char *const *words, size_t n)
{
    struct span next = span_trim(span_head(span_skip(text, i), 20));

    for (size_t k = 0; k < n; k++) {
        struct span tail = span_skip(next, strlen(words[k]));
        if (!span_starts(next, words[k]))
            continue;
        if (span_starts(tail, "es") || span_starts(tail, "s"))
            tail = span_skip(tail, span_starts(tail, "es") ? 2 : 1);
        if (tail.length == 0 || !g_ascii_isalnum(tail.at[0]))
            return true;
    }
    return false;
}

static const char fullwidth_colon[] = "\xef\xbc\x9a"; /* Chinese and Japanese texts have it */

enum place { NOWHERE, SOMEWHERE, WHERE_REPLIES_STAND };

/* Reply-code = %x32-35 %x30-35 %x30-39 (RFC 5321 section 4.2); servers also send 57x, and 3xx is no final answer. */
static enum place reply_place(struct span text, size_t i)
{
    char before = char_before(text, i);
    char after = char_at(text, i + 3);
    size_t blanks = i;

    if (i + 3 > text.length || !is_one_of(text.at[i], "245") || text.at[i + 1] < '0' || text.at[i + 1] > '7' ||
        !g_ascii_isdigit(text.at[i + 2]) || continues(text, i + 3))
        return NOWHERE;
    if (status_length(span_skip(text, after_reply(text, i + 3))) > 0)
        return WHERE_REPLIES_STAND;
    if (before == '#' || before == '-' || after == ']' || after == ')' || after == ':' ||
        is_word(text, i + 3, amounts, G_N_ELEMENTS(amounts)))
        return NOWHERE;
    while (blanks > 0 && text.at[blanks - 1] == ' ')
        blanks--;
    if (blanks == 0 || is_one_of(text.at[blanks - 1], ":;<('\"`[>") ||
        span_ends(span_head(text, blanks), fullwidth_colon))
        return WHERE_REPLIES_STAND;
    if (text.at[i + 1] > '5' || text.at[i] == '2' || (after == '-' && g_ascii_isdigit(char_at(text, i + 4))) ||
        is_word(text, i + 3, things, G_N_ELEMENTS(things)))
        return NOWHERE;
    return text.at[blanks - 1] == '\n' ? WHERE_REPLIES_STAND : SOMEWHERE;
}

static unsigned number(const char *digits)
{
    return (unsigned)(digits[0] - '0') * 100 + (unsigned)(digits[1] - '0') * 10 + (unsigned)(digits[2] - '0');
}

void answer_find(struct span text, struct answer *answer)
{
    struct span status = {NULL, 0}; /* the last that stands apart from a reply */

    *answer = (struct answer){0};
    for (size_t i = 0; i < text.length; i++) {
        size_t length;
        enum place place;

        if (!g_ascii_isdigit(text.at[i]) || !starts_word(text, i))
            continue;
        length = status_length(span_skip(text, i));
        if (length > 0 && !continues(text, i + length)) {
            status = (struct span){text.at + i, length};
            i += length;
            continue;
        }
        place = reply_place(text, i);
        if (place == NOWHERE ||
            (answer->certain && (place == SOMEWHERE || (text.at[i] == '2' && answer->reply >= 400))))
            continue;
        answer->reply = number(text.at + i);
        answer->certain = place == WHERE_REPLIES_STAND;
        i = after_reply(text, i + 3);
        length = status_length(span_skip(text, i));
        answer->status = span_head(span_skip(text, i), length);
        i += length;
        i -= i > 0;
    }
    if (answer->status.length == 0 && status.length > 0 &&
        (answer->reply == 0 || (unsigned)(status.at[0] - '0') == answer->reply / 100))
        answer->status = status;
}
