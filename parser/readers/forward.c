/* Reports inside other messages: complaints that a provider passes on, and what a gateway wraps. Only what is a report
 * by its MIME types counts: a text that looks like one may be anything. Who attaches a bounce to a message of his own
 * asks about it, and reports nothing. And read receipts, which report nothing. */
#include <string.h>

#include "parser/mail/notice.h"
#include "parser/readers/reader.h"

/* How many attached messages are looked at, and how deep; each level walks its bytes again. */
enum { MAX_FORWARDS = 10, MAX_LEVELS = 3 };

static const char *const receipt_types[] = {"message/disposition-notification",
                                            "message/global-disposition-notification", NULL};

/* What a mail system sends is no receipt: Dovecot rejects mail with one (RFC 5429), also over quota. */
bool receipt_read(struct message *message, struct draft *draft)
{
    return message_part_of(message, receipt_types) != NULL && (notice_signs(message, draft) & NOTICE_DAEMON) == 0;
}

static bool is_message(const struct part *part)
{
    return strcmp(part->type, "message/rfc822") == 0 || strcmp(part->type, "message/global") == 0;
}

/* `bounces`: a delivery status notification counts, too. */
static bool read_nested(struct message *message, struct draft *draft, bool bounces, int level)
{
    int seen = 0;

    for (size_t i = 0; i < message_n_parts(message) && seen < MAX_FORWARDS; i++) {
        struct part *part = message_part(message, i);
        struct message *nested;

        if (!is_message(part))
            continue;
        seen++;
        nested = message_new(message->settings, message->envelope, message_part_bytes(message, part));
        if (feedback_read(nested, draft) || (bounces && dsn_read(nested, draft)) ||
            (level < MAX_LEVELS && read_nested(nested, draft, bounces, level + 1))) {
            message_replace(message, nested);
            return true;
        }
        message_free(nested);
    }
    return false;
}

bool forward_read(struct message *message, struct draft *draft)
{
    return read_nested(message, draft, notice_signs(message, draft) != 0, 1);
}
