#include "parser/parser.h"

#include "parser/draft/draft.h"
#include "parser/draft/recovery.h"
#include "parser/mail/auto_submitted.h"
#include "parser/mail/message.h"
#include "parser/mail/origin.h"
#include "parser/prose/dialect_reader.h"
#include "parser/prose/generic.h"
#include "parser/readers/attached.h"
#include "parser/readers/auto_reply.h"
#include "parser/readers/dsn.h"
#include "parser/readers/feedback.h"
#include "parser/readers/forwarded.h"
#include "parser/readers/notification.h"
#include "parser/readers/own_dsn.h"
#include "parser/readers/receipt.h"
#include "parser/readers/unsubscribe.h"
#include "parser/readers/wrapped.h"
#include "parser/readers/xarf.h"

/* The parser tries them in this order; the first that knows the message reads it. */
static reader_function *const readers[] = {
    feedback_read,     xarf_read,      receipt_read, dsn_read,     wrapped_read,     attached_read,   dsn_text_read,
    notification_read, forwarded_read, dialect_read, generic_read, dsn_unnamed_read, auto_reply_read, unsubscribe_read,
};

struct report *parser_read(const struct report_settings *settings, const struct report_envelope *envelope,
                           const char *bytes, size_t length)
{
    struct message *message = message_new(settings, envelope, (struct span){bytes, length});
    struct origin *origin = origin_new(message);
    struct draft *draft = draft_new(settings, origin);
    struct report *report;

    draft->report->submitted = auto_submitted_read(message);
    for (size_t i = 0; i < G_N_ELEMENTS(readers); i++) {
        if (readers[i](message, draft))
            break;
    }
    recovery_run(draft, message);
    if (draft->report->evidence == REPORT_EVIDENCE_UNPROVEN && own_dsn_speaks(message, draft))
        draft->report->evidence = REPORT_EVIDENCE_AUTHENTICATED;
    report = draft_finish(draft, message);
    draft_free(draft);
    origin_free(origin);
    message_free(message);
    return report;
}
