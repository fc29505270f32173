#include "parser/text/reply.h"

#include <glib.h>
#include <string.h>

#include "parser/text/subject.h"

enum {
    MAX_STATUS = 7, /* "5.7.515" */
    MAX_SAID = 300, /* "host mx.example.org[192.0.2.1] said:" */
};

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

bool reply_is_status(struct span text)
{
    return text.length > 0 && status_length(text) == text.length;
}

bool reply_is_vague(struct span status)
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

/* Reply-code = %x32-35 %x30-35 %x30-39 (RFC 5321 section 4.2); servers also send 57x, and 3xx is no final reply. */
static bool is_code(struct span text, size_t i)
{
    return i + 3 <= text.length && is_one_of(text.at[i], "245") && text.at[i + 1] >= '0' && text.at[i + 1] <= '7' &&
           g_ascii_isdigit(text.at[i + 2]) && !continues(text, i + 3);
}

/* Does what stands around the code at `i` say that it labels or measures something? */
static bool is_label(struct span text, size_t i)
{
    return is_one_of(char_before(text, i), "#-") || is_one_of(char_at(text, i + 3), "]):") ||
           is_word(text, i + 3, amounts, G_N_ELEMENTS(amounts));
}

/* Does the code at `i` count what follows, or is it a part of a number, or of a kind that needs an introduction? */
static bool is_count(struct span text, size_t i)
{
    return text.at[i + 1] > '5' || text.at[i] == '2' ||
           (char_at(text, i + 3) == '-' && g_ascii_isdigit(char_at(text, i + 4))) ||
           is_word(text, i + 3, things, G_N_ELEMENTS(things));
}

/* Does the text that ends before a code introduce it? */
static bool introduces(struct span before)
{
    return before.length == 0 || is_one_of(before.at[before.length - 1], ":;<('\"`[>") ||
           span_ends(before, fullwidth_colon);
}

static enum place reply_place(struct span text, size_t i)
{
    struct span before = span_head(text, i);

    if (!is_code(text, i))
        return NOWHERE;
    if (status_length(span_skip(text, after_reply(text, i + 3))) > 0)
        return WHERE_REPLIES_STAND;
    if (is_label(text, i))
        return NOWHERE;
    while (span_ends(before, " "))
        before.length--;
    if (introduces(before))
        return WHERE_REPLIES_STAND;
    if (is_count(text, i))
        return NOWHERE;
    return span_ends(before, "\n") ? WHERE_REPLIES_STAND : SOMEWHERE;
}

static unsigned number(const char *digits)
{
    return (unsigned)(digits[0] - '0') * 100 + (unsigned)(digits[1] - '0') * 10 + (unsigned)(digits[2] - '0');
}

/* Does the one at `place` with that code count less than what was found before it? */
static bool is_outdone(const struct reply *found, enum place place, unsigned code)
{
    return place == NOWHERE || (found->certain && (place == SOMEWHERE || (code / 100 == 2 && found->code >= 400)));
}

/* "host b said:", but not behind "; ": then it is another reply, not a quoted one. */
static bool follows_said(struct span before)
{
    struct span rest = span_skip(before, before.length - MIN(before.length, MAX_SAID));

    return span_ends(before, " said:") && span_find(rest, "; host ") == NULL;
}

/* Is a text about the sender? That is found out once, and only if it matters. */
enum about { ABOUT_UNKNOWN, ABOUT_SENDER, ABOUT_OTHERS };

/* Does the reply that was found quote the one whose code stands at `i`? A server that checks the sender's address tells
 * what its host said of it, in words of all kinds. */
static bool is_quoted(const struct reply *found, struct span text, size_t i, enum about *about)
{
    struct span before = span_head(text, i);

    if (!found->certain || found->code < 400)
        return false;
    while (span_ends(before, " ") || span_ends(before, "\n"))
        before.length--;
    if (follows_said(before) || !introduces(before))
        return follows_said(before);
    if (*about == ABOUT_UNKNOWN)
        *about = subject_is_sender(text) ? ABOUT_SENDER : ABOUT_OTHERS;
    return *about == ABOUT_SENDER;
}

/* The reply whose code stands at `i`, and its status; where it ends. */
static size_t take_reply(struct reply *reply, struct span text, size_t i, enum place place)
{
    size_t length;

    reply->code = number(text.at + i);
    reply->certain = place == WHERE_REPLIES_STAND;
    i = after_reply(text, i + 3);
    length = status_length(span_skip(text, i));
    reply->status = span_head(span_skip(text, i), length);
    return i + length;
}

void reply_find(struct span text, struct reply *reply)
{
    struct span status = {NULL, 0}; /* the last that stands apart from a reply */
    enum about about = ABOUT_UNKNOWN;
    size_t i = 0;

    *reply = (struct reply){0};
    while (i < text.length) {
        size_t length;
        enum place place;

        if (!g_ascii_isdigit(text.at[i]) || !starts_word(text, i)) {
            i++;
            continue;
        }
        length = status_length(span_skip(text, i));
        if (length > 0 && !continues(text, i + length)) {
            status = (struct span){text.at + i, length};
            i += length + 1;
            continue;
        }
        place = reply_place(text, i);
        if (place != NOWHERE && is_quoted(reply, text, i, &about))
            break;
        i = place == NOWHERE || is_outdone(reply, place, number(text.at + i)) ? i + 1
                                                                              : take_reply(reply, text, i, place);
    }
    if (reply->status.length == 0 && status.length > 0 &&
        (reply->code == 0 || (unsigned)(status.at[0] - '0') == reply->code / 100))
        reply->status = status;
}

/* --- the codes that a rule asks for ------------------------------------------------------------------------------- */

static const char *read_number(const char *at, unsigned *number)
{
    for (*number = 0; g_ascii_isdigit(*at); at++)
        *number = *number * 10 + (unsigned)(*at - '0');
    return at;
}

bool reply_read_status(const char *text, struct reply_status *status)
{
    /* a fourth number makes it an IP address */
    size_t length = status_length((struct span){text, strnlen(text, MAX_STATUS + 1)});

    if (length == 0 || (text[length] == '.' && g_ascii_isdigit(text[length + 1])))
        return false;
    status->class = (unsigned)(text[0] - '0');
    (void)read_number(read_number(text + 2, &status->subject) + 1, &status->detail);
    return true;
}

bool reply_first_status(const char *text, struct reply_status *status)
{
    for (const char *dot = strchr(text, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
        const char *start = dot - 1;
        if (start < text || (*start != '4' && *start != '5'))
            continue;
        if ((start == text || strchr(" (#[-:;='", start[-1]) != NULL) && reply_read_status(start, status))
            return true;
    }
    *status = (struct reply_status){0};
    return false;
}

/* Postfix, when a server greets with a refusal: the reply is the whole cause, and "refused" is a part of it. */
static bool follows_refusal(const char *text, const char *at)
{
    static const char refusal[] = "refused to talk to me: ";
    const size_t length = sizeof(refusal) - 1;

    return (size_t)(at - text) >= length && strncmp(at - length, refusal, length) == 0;
}

/* "(550 ", "smtp;550 ", "said: 550 ", "<<< 550 ", or quoted as Cisco's AsyncOS does: " 550-'5.7.1 no'". */
static bool is_opened(const char *text, const char *at)
{
    if (at == text)
        return true;
    if (at[-1] != ' ')
        return strchr("(:;[", at[-1]) != NULL;
    if (at - 1 == text || (at[3] == '-' && at[4] == '\''))
        return true;
    return strchr(":;]><=)", at[-2]) != NULL && !follows_refusal(text, at);
}

/* The next reply at or behind `at`: what stands where one server quotes another. Unlike reply_find() it takes no number
 * for a code that nothing opens, nor a reply that explains another, "expired <421 4.4.2 timed out>". */
static const char *next_quoted(const char *text, const char *at)
{
    for (at = strpbrk(at, "45"); at != NULL; at = strpbrk(at + 1, "45")) {
        bool code = at[1] <= '5' && g_ascii_isdigit(at[1]) && g_ascii_isdigit(at[2]);
        if (code && (at[3] == ' ' || at[3] == '-' || at[3] == '\0') && is_opened(text, at))
            return at;
    }
    return NULL;
}

unsigned reply_first(const char *text)
{
    const char *at = next_quoted(text, text);

    return at == NULL ? 0 : number(at);
}

const char *reply_quoted(const char *text)
{
    const char *first = next_quoted(text, text);

    return first == NULL ? NULL : next_quoted(text, first + 1);
}

const char *reply_innermost(const char *text)
{
    const char *last = text, *before = text;

    for (const char *at = next_quoted(text, text); at != NULL; at = next_quoted(text, at + 1)) {
        before = last;
        last = at;
    }
    return reply_sums_up(span_of(last)) ? before : last;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

bool reply_sums_up(struct span line)
{
    static const char *const ends[] = {"... service unavailable", " 5.0.0 service unavailable",
                                       "... can't create output"};

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (span_ends(line, ends[i]))
            return true;
    }
    return span_is(line, "554 service unavailable") || span_find(line, "unknown mailer error") != NULL;
}

/* "550-" or "550 ", with the enhanced code that may follow: its length, 0 when there is none. */
static size_t line_prefix(const char *text, char separator)
{
    struct reply_status status;
    size_t length = 4;

    if (!is_one_of(text[0], "245") || !g_ascii_isdigit(text[1]) || !g_ascii_isdigit(text[2]) || text[3] != separator)
        return 0;
    if (reply_read_status(text + length, &status)) {
        length += strcspn(text + length, " ");
        length += text[length] == ' ';
    }
    return length;
}

static const char *find_continued(const char *text)
{
    for (const char *dash = strchr(text, '-'); dash != NULL; dash = strchr(dash + 1, '-')) {
        const char *start = dash - 3;
        if (start >= text && (start == text || start[-1] == ' ') && line_prefix(start, '-') > 0)
            return start;
    }
    return NULL;
}

size_t reply_join(char *text, size_t length)
{
    const char *first = find_continued(text);
    char code[4] = "";
    size_t prefix;
    const char *from;
    char *to;

    if (first == NULL)
        return length;
    memcpy(code, first, 3);
    prefix = line_prefix(first, '-');
    from = first + prefix;
    to = text + (from - text);
    while (*from != '\0') {
        size_t skip = 0;
        if (from[-1] == ' ' && strncmp(from, code, 3) == 0) {
            size_t last_line = line_prefix(from, ' ');
            /* "550 " may be a number in the text, where the first line has an enhanced code and this has none */
            skip = last_line > 4 || prefix == 4 ? last_line : 0;
            skip = skip > 0 ? skip : line_prefix(from, '-');
        }
        from += skip;
        if (*from != '\0' && skip == 0)
            *to++ = *from++;
    }
    *to = '\0';
    return (size_t)(to - text);
}
