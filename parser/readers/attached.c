#include "parser/readers/attached.h"

#include <string.h>

#include "parser/readers/dsn.h"
#include "parser/readers/feedback.h"

/* How many attached messages are looked at, and how deep; each level walks its bytes again. */
enum { MAX_ATTACHED = 10, MAX_LEVELS = 3 };

static bool is_message(const struct part *part)
{
    return strcmp(part->type, "message/rfc822") == 0 || strcmp(part->type, "message/global") == 0;
}

static bool read_report(struct message *message, struct draft *draft)
{
    return feedback_read(message, draft) || dsn_read(message, draft);
}

static bool read_nested(struct message *message, struct draft *draft, reader_function *read, int level)
{
    int seen = 0;

    for (size_t i = 0; i < message_n_parts(message) && seen < MAX_ATTACHED; i++) {
        struct part *part = message_part(message, i);
        struct message *nested;

        if (!is_message(part))
            continue;
        seen++;
        nested = message_new(message->settings, message->envelope, message_part_bytes(message, part));
        if (read(nested, draft) || (level < MAX_LEVELS && read_nested(nested, draft, read, level + 1))) {
            message_replace(message, nested);
            return true;
        }
        message_free(nested);
    }
    return false;
}

/* Only what is a report by its MIME types counts: a text that looks like one may be anything. A person who attaches a
 * bounce asks about it, and reports nothing, unless it is sent to where bounces come; a complaint is one whoever passes
 * it on. */
bool attached_read(struct message *message, struct draft *draft)
{
    bool reports = origin_signs(draft->origin) != 0 || origin_is_for_return_path(draft->origin);

    return read_nested(message, draft, reports ? read_report : feedback_read, 1);
}
