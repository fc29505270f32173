#include "parser/readers/auto_reply.h"

#include <string.h>

#include "parser/text/mentions.h"

/* "kira@example.com via Boxbe <noreply@boxbe.com>": who answers through a service stands in the display name. */
static struct span answerer(const struct message *message)
{
    struct span from = message_field(message, "From");
    const char *bracket = span_find_char(from, '<');
    struct span name = bracket == NULL ? span_head(from, 0) : span_head(from, (size_t)(bracket - from.at));
    struct span address, tail;
    size_t at = 0;

    if (!mentions_next(name, &at, &address) || mentions_has(message_field(message, "To"), address))
        return from;
    for (tail = span_skip(name, at); tail.length > 0 && strchr(" '\"", tail.at[0]) != NULL;)
        tail = span_skip(tail, 1);
    return span_starts(tail, "via ") ? address : from;
}

bool auto_reply_read(struct message *message, struct draft *draft)
{
    struct report_recipient *recipient;
    struct span from = message_field(message, "From");

    if (strcmp(message->type, "multipart/report") == 0 || message_field(message, "X-Failed-Recipients").at != NULL ||
        message_field(message, "X-Apple-Unsubscribe").at != NULL || span_find(from, "mailer-daemon") != NULL ||
        !origin_is_auto_reply(draft->origin))
        return false;
    draft->report->dialect = "rfc3834";
    recipient = draft_recipient(draft, REPORT_KIND_AUTO_REPLY);
    draft_set_recipient(draft, recipient, answerer(message), REPORT_FROM_SENDER);
    return true;
}
