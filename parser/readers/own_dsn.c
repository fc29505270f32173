#include "parser/readers/own_dsn.h"

#include <string.h>

#include "parser/mail/trace.h"
#include "parser/readers/status.h"

/* The returned message could hold another status part, if its author guessed the boundary of the DSN. */
static bool has_one_status_part(const struct message *message)
{
    size_t n = 0;

    for (size_t i = 0; i < message->parts->len; i++)
        n += g_strv_contains(status_types, g_array_index(message->parts, struct part, i).type);
    return n == 1;
}

static bool is_from_own_mta(const struct message *message)
{
    const struct report_envelope *envelope = message->envelope;

    return envelope->own_mta != NULL && envelope->mail_from != NULL && envelope->mail_from[0] == '\0' &&
           message->outer == NULL && trace_is_own(&message->header, envelope->own_mta);
}

static bool speaks_for(const struct report_recipient *recipient)
{
    if (recipient->kind != REPORT_KIND_BOUNCE && recipient->kind != REPORT_KIND_DELAY &&
        recipient->kind != REPORT_KIND_DELIVERED)
        return false;
    return recipient->recipient != NULL && (recipient->final_recipient == NULL ||
                                            g_ascii_strcasecmp(recipient->final_recipient, recipient->recipient) == 0);
}

bool own_dsn_speaks(const struct message *message, const struct draft *draft)
{
    const GPtrArray *recipients = draft->report->recipients;

    if (draft->tried != DRAFT_TRIED_SAME || recipients->len == 0 || !is_from_own_mta(message) ||
        strcmp(message->type, "multipart/report") != 0 || !has_one_status_part(message))
        return false;
    for (guint i = 0; i < recipients->len; i++) {
        if (!speaks_for(g_ptr_array_index(recipients, i)))
            return false;
    }
    return true;
}
