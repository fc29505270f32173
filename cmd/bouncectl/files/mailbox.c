#include "cmd/bouncectl/files/mailbox.h"

#include <string.h>

#include "cmd/bouncectl/files/walk.h"
#include "cmd/files/input.h"

#define CHUNK ((size_t)128 * 1024)
enum { MAX_FIELD_NAME = 80 }; /* octets that a header field is looked for in */
enum { MAIL_START = 16 };     /* octets that tell mail from what is none */

/* The octets of the open file that were read and not given out yet: from..to of `chunk`. */
struct mailbox {
    struct walk *walk;
    size_t max_size;
    const char *source;  /* of the open file */
    struct input *input; /* NULL: none is open */
    bool mbox;           /* it is one, and its first From_ line is taken */
    bool eof;
    size_t from, to;
    char chunk[CHUNK];
};

/* clang-format off */
G_DEFINE_QUARK(mailbox-error, mailbox_error)
/* clang-format on */

struct mailbox *mailbox_new(const char *const *paths, size_t max_size)
{
    struct mailbox *mailbox = g_malloc(sizeof *mailbox);

    *mailbox = (struct mailbox){.walk = walk_new(paths), .max_size = max_size};
    return mailbox;
}

static void close_file(struct mailbox *mailbox)
{
    input_free(mailbox->input);
    mailbox->input = NULL;
    mailbox->from = mailbox->to = 0;
    mailbox->mbox = mailbox->eof = false;
}

void mailbox_free(struct mailbox *mailbox)
{
    if (mailbox == NULL)
        return;
    close_file(mailbox);
    walk_free(mailbox->walk);
    g_free(mailbox);
}

/* Reads behind what the chunk holds; a chunk that is full is left as it is. */
static bool fill(struct mailbox *mailbox, GError **error)
{
    if (mailbox->from > 0) {
        memmove(mailbox->chunk, mailbox->chunk + mailbox->from, mailbox->to - mailbox->from);
        mailbox->to -= mailbox->from;
        mailbox->from = 0;
    }
    if (mailbox->eof || mailbox->to == CHUNK)
        return true;
    size_t n = 0;
    if (!input_read(mailbox->input, mailbox->chunk + mailbox->to, CHUNK - mailbox->to, &n, error)) {
        close_file(mailbox);
        return false;
    }
    mailbox->eof = n == 0;
    mailbox->to += n;
    return true;
}

/* --- mbox: RFC 4155 and what is out there ------------------------------------------------------------------------- */

struct line {
    const char *text;
    size_t length;
    bool whole; /* it has its line end, or the input ends with it */
};

/* A line, or so much of a long one as the chunk holds; a length of 0 is the end. The text lives until the next call. */
static bool take_line(struct mailbox *mailbox, struct line *line, GError **error)
{
    const char *end = NULL;

    for (;;) {
        const char *text = mailbox->chunk + mailbox->from;
        size_t length = mailbox->to - mailbox->from;

        end = memchr(text, '\n', length);
        if (end != NULL || mailbox->eof || length == CHUNK) {
            *line = (struct line){text, end != NULL ? (size_t)(end - text) + 1 : length, end != NULL || mailbox->eof};
            mailbox->from += line->length;
            return true;
        }
        if (!fill(mailbox, error))
            return false;
    }
}

static bool blank(const struct line *line)
{
    return line->whole && (line->length == 1 || (line->length == 2 && *line->text == '\r'));
}

static bool starts_with(const char *text, size_t length, const char *word)
{
    return length >= strlen(word) && memcmp(text, word, strlen(word)) == 0;
}

/* From_ = "From " sender date, of which we look for the digits and colon of a time: an unquoted sentence has none. */
static bool is_separator(const struct line *line)
{
    if (!line->whole || !starts_with(line->text, line->length, "From "))
        return false;
    for (size_t i = 6; i + 1 < line->length; i++) {
        if (line->text[i] == ':' && g_ascii_isdigit(line->text[i - 1]) && g_ascii_isdigit(line->text[i + 1]))
            return true;
    }
    return false;
}

/* field-name = 1*ftext, then ":" */
static bool starts_with_field(const char *text, size_t length)
{
    size_t n = 0;

    while (n < length && n < MAX_FIELD_NAME && text[n] > ' ' && text[n] < 127 && text[n] != ':')
        n++;
    return n > 0 && n < length && text[n] == ':';
}

/* One of words of three letters, each with a blank behind it. */
static bool is_one_of(const char *words, const char *at)
{
    for (; *words != '\0'; words += 4) {
        if (memcmp(words, at, 4) == 0)
            return true;
    }
    return false;
}

/* asctime = day-name SP month SP day-of-month SP time ... SP year */
static bool holds_date(const char *text, size_t length)
{
    static const char days[] = "Mon Tue Wed Thu Fri Sat Sun ";
    static const char months[] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";

    for (size_t i = 0; i + strlen(" Sat Nov  1 09:30 2026") <= length; i++) {
        const char *at = text + i;

        if (*at == ' ' && is_one_of(days, at + 1) && is_one_of(months, at + 5) &&
            (at[9] == ' ' || g_ascii_isdigit(at[9])) && g_ascii_isdigit(at[10]))
            return true;
    }
    return false;
}

/* Does the message end before this line, which is at the start of one? `spaced`: an empty line, or nothing, stands
 * before it. Some writers leave that out: then From_ must have all of a date, and a header field must follow. `line`
 * may move.
 */
static bool ends_message(struct mailbox *mailbox, bool spaced, struct line *line, bool *ends, GError **error)
{
    *ends = spaced && is_separator(line);
    if (*ends || !is_separator(line) || !holds_date(line->text, line->length))
        return true;
    mailbox->from -= line->length;
    while (!mailbox->eof && mailbox->to - mailbox->from < line->length + MAX_FIELD_NAME &&
           (mailbox->from > 0 || mailbox->to < CHUNK)) {
        if (!fill(mailbox, error))
            return false;
    }
    line->text = mailbox->chunk + mailbox->from;
    mailbox->from += line->length;
    *ends = starts_with_field(mailbox->chunk + mailbox->from, mailbox->to - mailbox->from);
    return true;
}

/* mboxrd: one ">" is taken from a line of ">From ", ">>From ", ...; mboxo writes only the first of these. */
static bool is_quoted(const struct line *line)
{
    size_t quotes = 0;

    while (quotes < line->length && line->text[quotes] == '>')
        quotes++;
    return quotes > 0 && starts_with(line->text + quotes, line->length - quotes, "From ");
}

static bool take_mbox_message(struct mailbox *mailbox, GString *bytes, GError **error)
{
    size_t blank_length = 0; /* of the empty line before this one, which belongs to the From_ line that may follow */
    size_t size = 0;
    bool at_start = true, ends = false;
    struct line line;

    for (;;) {
        if (!take_line(mailbox, &line, error) ||
            (at_start && !ends_message(mailbox, blank_length > 0 || size == 0, &line, &ends, error)))
            return false;
        if (line.length == 0 || ends)
            break;
        blank_length = at_start && blank(&line) ? line.length : 0;
        if (at_start && is_quoted(&line)) {
            line.text++;
            line.length--;
        }
        size += line.length;
        if (size <= mailbox->max_size)
            g_string_append_len(bytes, line.text, (gssize)line.length);
        at_start = line.whole;
    }
    if (line.length == 0)
        close_file(mailbox);
    if (size <= mailbox->max_size) {
        g_string_truncate(bytes, bytes->len - blank_length);
        return true;
    }
    g_set_error(error, MAILBOX_ERROR, MAILBOX_ERROR_SIZE, "%s: a message of %zu octets is left out: more than %zu",
                mailbox->source, size, mailbox->max_size);
    return false;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static bool take_whole_file(struct mailbox *mailbox, GString *bytes, GError **error)
{
    while (bytes->len <= mailbox->max_size) {
        g_string_append_len(bytes, mailbox->chunk + mailbox->from, (gssize)(mailbox->to - mailbox->from));
        mailbox->from = mailbox->to;
        if (mailbox->eof)
            break;
        if (!fill(mailbox, error))
            return false;
    }
    close_file(mailbox);
    if (bytes->len <= mailbox->max_size)
        return true;
    g_set_error(error, MAILBOX_ERROR, MAILBOX_ERROR_SIZE, "%s is left out: more than %zu octets", mailbox->source,
                mailbox->max_size);
    return false;
}

/* Octets that editors and others put in front of the first line: a byte order mark, empty lines. */
static size_t count_preamble(const char *text, size_t length)
{
    size_t n = starts_with(text, length, "\xef\xbb\xbf") ? 3 : 0;

    while (n < length && (text[n] == '\n' || text[n] == '\r'))
        n++;
    return n;
}

/* Reads enough to see whether it is an mbox: a pipe may give less at a time. */
static bool read_start(struct mailbox *mailbox, size_t *preamble, GError **error)
{
    size_t enough;

    do {
        if (!fill(mailbox, error))
            return false;
        *preamble = count_preamble(mailbox->chunk, mailbox->to);
        enough = *preamble + (*preamble > 0 ? MAX_FIELD_NAME : strlen("From "));
    } while (!mailbox->eof && mailbox->to < MIN(enough, CHUNK));
    return true;
}

/* Opens the next file that is not empty; false without an error when there is none. */
static bool open_next(struct mailbox *mailbox, GError **error)
{
    size_t preamble = 0;
    struct line line;

    while (mailbox->input == NULL) {
        mailbox->source = walk_next(mailbox->walk, error);
        if (mailbox->source == NULL)
            return false;
        mailbox->input =
            walk_found(mailbox->walk) ? input_open_found(mailbox->source, error) : input_open(mailbox->source, error);
        if (mailbox->input == NULL || !read_start(mailbox, &preamble, error))
            return false;
        if (mailbox->to == 0)
            close_file(mailbox);
    }
    const char *start = mailbox->chunk + preamble;
    size_t length = mailbox->to - preamble;
    mailbox->mbox = starts_with(start, length, "From ");
    if (mailbox->mbox || (preamble > 0 && starts_with_field(start, length)))
        mailbox->from = preamble;
    return !mailbox->mbox || take_line(mailbox, &line, error);
}

bool mailbox_next(struct mailbox *mailbox, GString *bytes, const char **source, GError **error)
{
    g_string_truncate(bytes, 0);
    if (mailbox->input == NULL && !open_next(mailbox, error))
        return false;
    *source = mailbox->source;
    return mailbox->mbox ? take_mbox_message(mailbox, bytes, error) : take_whole_file(mailbox, bytes, error);
}

/* Mail begins with the name of a field, perhaps behind a byte order mark or empty lines: not with another octet beyond
 * ASCII, nor is a control character on the first line. */
bool mailbox_is_mail(const GString *bytes)
{
    const char *start = bytes->str;

    if (bytes->len > 0 && (guchar)*start >= 0x80 && !g_str_has_prefix(start, "\xef\xbb\xbf"))
        return false;
    for (size_t i = 0; i < MIN(bytes->len, MAIL_START) && start[i] != '\n'; i++) {
        if (g_ascii_iscntrl(start[i]) && !g_ascii_isspace(start[i]))
            return false;
    }
    return true;
}
