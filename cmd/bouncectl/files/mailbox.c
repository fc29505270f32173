#include "cmd/bouncectl/files/mailbox.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cmd/bouncectl/files/walk.h"

#define CHUNK ((size_t)128 * 1024)

/* What is read of the open file and not given out yet: from..to of `chunk`. */
struct mailbox {
    struct walk *walk;
    size_t max_size;
    const char *source; /* of the open file */
    int fd;             /* -1: none is open */
    bool mbox;          /* it is one, and its first From_ line is taken */
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

    *mailbox = (struct mailbox){.walk = walk_new(paths), .max_size = max_size, .fd = -1};
    return mailbox;
}

static void close_file(struct mailbox *mailbox)
{
    if (mailbox->fd > STDIN_FILENO)
        close(mailbox->fd);
    mailbox->fd = -1;
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

static bool fail(struct mailbox *mailbox, int code, GError **error)
{
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot read %s: %s", mailbox->source,
                g_strerror(code));
    close_file(mailbox);
    return false;
}

/* Reads behind what the chunk holds; a chunk that is full is left as it is. */
static bool fill(struct mailbox *mailbox, GError **error)
{
    if (mailbox->from > 0) {
        memmove(mailbox->chunk, mailbox->chunk + mailbox->from, mailbox->to - mailbox->from);
        mailbox->to -= mailbox->from;
        mailbox->from = 0;
    }
    while (!mailbox->eof && mailbox->to < CHUNK) {
        ssize_t n = read(mailbox->fd, mailbox->chunk + mailbox->to, CHUNK - mailbox->to);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(mailbox, errno, error);
        mailbox->eof = n == 0;
        mailbox->to += (size_t)n;
        if (n > 0)
            break;
    }
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
    bool at_start = true;
    struct line line;

    for (;;) {
        if (!take_line(mailbox, &line, error))
            return false;
        if (line.length == 0 || (at_start && (blank_length > 0 || size == 0) && is_separator(&line)))
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

/* What was found below a directory may have become a link or a FIFO since. */
static int open_source(const struct mailbox *mailbox)
{
    int found = walk_found(mailbox->walk) ? O_NOFOLLOW | O_NONBLOCK : 0;

    if (strcmp(mailbox->source, "-") == 0)
        return STDIN_FILENO;
    return open(mailbox->source, O_RDONLY | O_CLOEXEC | O_NOCTTY | found);
}

/* Opens the next file that is not empty; false without an error when there is none. */
static bool open_next(struct mailbox *mailbox, GError **error)
{
    struct line line;

    while (mailbox->fd < 0) {
        mailbox->source = walk_next(mailbox->walk, error);
        if (mailbox->source == NULL)
            return false;
        mailbox->fd = open_source(mailbox);
        if (mailbox->fd < 0)
            return fail(mailbox, errno, error);
        /* Enough to see whether it is an mbox: a pipe may give less at a time. */
        while (!mailbox->eof && mailbox->to < strlen("From "))
            if (!fill(mailbox, error))
                return false;
        if (mailbox->to == 0)
            close_file(mailbox);
    }
    mailbox->mbox = starts_with(mailbox->chunk, mailbox->to, "From ");
    return !mailbox->mbox || take_line(mailbox, &line, error);
}

bool mailbox_next(struct mailbox *mailbox, GString *bytes, const char **source, GError **error)
{
    g_string_truncate(bytes, 0);
    if (mailbox->fd < 0 && !open_next(mailbox, error))
        return false;
    *source = mailbox->source;
    return mailbox->mbox ? take_mbox_message(mailbox, bytes, error) : take_whole_file(mailbox, bytes, error);
}
