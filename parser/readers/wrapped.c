#include "parser/readers/wrapped.h"

#include <string.h>

#include "parser/prose/dialect.h"
#include "parser/prose/dialect_reader.h"
#include "parser/prose/generic.h"
#include "parser/readers/dsn.h"

enum { MAX_MARK_LINES = 40, MAX_FIELD = 300 };

/* The marks of such a message: a header field that holds a text ("" when it need only be there), and words of the
 * subject. In the text the bounce begins behind a line that one of the last column starts, or else at once. */
static const struct {
    const char *field;
    const char *holds;
    const char *subject;
    const char *const *marks;
} managers[] = {
    {"X-Mailman-Version", "", "bounce action notification", NULL}, /* Mailman 2 */
    {"X-Mailman-Version", "", "uncaught bounce notification", NULL},
    {"X-Mailman-Version", "", " subscription disabled on ", NULL}, /* Mailman 3 */
    {"X-Mailman-Version", "", " bounce score incremented on ", NULL},
    {"From", "owner-", "BOUNCE ", NULL}, /* Majordomo */
    {"From", "LISTSERV", "error report from", (const char *const[]){"Message in error", "Error message", NULL}},
};

/* The readers of the bounce; what it says must be plain by its own header. */
static reader_function *const readers[] = {dsn_read, dsn_text_read, dialect_read, generic_read, dsn_unnamed_read};

static size_t find_manager(struct message *message)
{
    struct span subject = span_of(message_subject(message));

    for (size_t i = 0; subject.length > 0 && i < G_N_ELEMENTS(managers); i++) {
        struct span value = message_field(message, managers[i].field);
        if (value.at != NULL && span_find(subject, managers[i].subject) != NULL &&
            (managers[i].holds[0] == '\0' || span_find(span_head(value, MAX_FIELD), managers[i].holds) != NULL))
            return i;
    }
    return G_N_ELEMENTS(managers);
}

/* Behind "From MAILER-DAEMON Mon Apr  6 10:14:11 2026", the line of an mbox file that Majordomo hands on. */
static struct span without_from_line(struct span text)
{
    struct span rest = span_trim(text);
    struct span line;

    text = rest;
    while (span_starts(rest, ">From ") || span_starts(rest, "From ")) {
        span_line(&rest, &line);
        text = rest;
    }
    return text;
}

/* The bounce in the text of the message, empty when it has none. */
static struct span bounce_in(struct span text, const char *const *marks)
{
    struct span line, tail;

    if (marks == NULL)
        return without_from_line(text);
    for (size_t i = 0; i < MAX_MARK_LINES && span_line(&text, &line); i++) {
        if (dialect_starts_any(marks, dialect_bare(line), &tail))
            return without_from_line(text);
    }
    return span_head(text, 0);
}

/* The bounce has an origin of its own; the envelope tells of the manager's message alone. */
static bool read_bounce(struct message *message, struct draft *draft, struct span bytes)
{
    struct message *bounce = message_new(message->settings, NULL, bytes);
    struct origin *manager = draft->origin;
    struct origin *origin = origin_new(bounce);
    bool found = false;

    draft->origin = origin;
    for (size_t i = 0; origin_signs(origin) != 0 && !found && i < G_N_ELEMENTS(readers); i++)
        found = readers[i](bounce, draft);
    draft->origin = manager;
    origin_free(origin);
    bounce->envelope = message->envelope;
    if (found)
        message_replace(message, bounce);
    else
        message_free(bounce);
    return found;
}

bool wrapped_read(struct message *message, struct draft *draft)
{
    static const char *const attached[] = {"message/rfc822", "message/global", NULL};
    size_t manager = find_manager(message);
    struct part *part;
    struct span bytes;

    if (manager == G_N_ELEMENTS(managers))
        return false;
    part = message_part_of(message, attached);
    bytes = part != NULL ? message_part_bytes(message, part)
                         : bounce_in(message_part_text(message, message_part(message, 0)), managers[manager].marks);
    return bytes.length > 0 && read_bounce(message, draft, bytes);
}
