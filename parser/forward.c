/* Reports inside other messages: forwarded as attachment, or wrapped by a gateway. Only what is a report by its MIME
 * types counts: a text that looks like one may be anything. And read receipts, which report nothing. */
#include <string.h>

#include "parser/notice.h"
#include "parser/reader.h"

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

static bool read_nested(struct message *message, struct draft *draft, int level)
{
    int seen = 0;

    for (size_t i = 0; i < message_n_parts(message) && seen < MAX_FORWARDS; i++) {
        struct part *part = message_part(message, i);
        struct message *nested;

        if (!is_message(part))
            continue;
        seen++;
        nested = message_new(message->settings, message->envelope, message_part_bytes(message, part));
        if (feedback_read(nested, draft) || dsn_read(nested, draft) ||
            (level < MAX_LEVELS && read_nested(nested, draft, level + 1))) {
            message_replace(message, nested);
            return true;
        }
        message_free(nested);
    }
    return false;
}

bool forward_read(struct message *message, struct draft *draft)
{
    return read_nested(message, draft, 1);
}
