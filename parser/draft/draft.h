/* draft.h: a report in the making. The readers (reader.h) put into it what they find, and the draft cleans every value.
 * Values are spans of what came; the strings made of them live in the report. */
#pragma once

#include <stdbool.h>

#include "parser/mail/message.h"
#include "parser/mail/origin.h"
#include "parser/report.h"
#include "parser/text/domain.h"
#include "parser/text/span.h"

/* Which addresses the MTA that made a DSN tried to reach (Final-Recipient). */
enum draft_tried {
    DRAFT_TRIED_UNKNOWN, /* it is no DSN */
    DRAFT_TRIED_SAME,    /* those that the report is about, all of them */
    DRAFT_TRIED_OTHERS,  /* another one for a recipient, or it does not say which */
};

struct draft {
    struct report *report;
    const struct report_settings *settings;
    struct origin *origin; /* of the message, not of one that it holds; borrowed */
    GString *scratch;
    struct domain_memory domain; /* of the address that was read last */
    const char *envelope_id;     /* Original-Envelope-Id */
    enum draft_tried tried;
    gint64 arrived; /* Arrival-Date, when the message that failed came to the MTA: up to days before it failed */
};

/* `settings` and `origin` are borrowed and outlive the draft. */
struct draft *draft_new(const struct report_settings *settings, struct origin *origin);
void draft_free(struct draft *draft); /* and the report, unless draft_finish() took it */

/* A new recipient, all fields absent but its kind. NULL when max_recipients is reached: stop reading then. */
struct report_recipient *draft_recipient(struct draft *draft, enum report_kind kind);

/* Each makes a string for a field, NULL when nothing is left of the value. */
const char *draft_text(struct draft *draft,
                       struct span value); /* one line of UTF-8, folds and runs of blanks as one blank */
/* The same, but to look at only: it lives until the next call. */
const char *draft_line(struct draft *draft, struct span value);
const char *draft_lower(struct draft *draft, struct span value);   /* the same in lower case */
const char *draft_words(struct draft *draft, struct span value);   /* the same with encoded words (RFC 2047) decoded */
const char *draft_address(struct draft *draft, struct span value); /* address.h: normalised; NULL when it is none */
/* The name of a "type; name" value, such as Remote-MTA's, or of a plain one. */
const char *draft_mta(struct draft *draft, struct span value);
/* RFC 5322 date with the deviations seen in reports, as seconds since 1970 UTC; 0 when it is none. */
gint64 draft_date(struct draft *draft, struct span value);

/* The address that a value found in the way `from` names; NULL when it is none, is one that reports come to (nobody is
 * there), or is redacted (in a complaint also hashed). */
const char *draft_recipient_address(struct draft *draft, struct span value, enum report_from from);
/* Sets the recipient to what an MTA tried, though it can be no address: the domain was mistyped. */
void draft_set_tried(struct draft *draft, struct report_recipient *recipient, struct span value);
/* Sets recipient and recipient_from, unless a more trustworthy one (a lower enum value) is there already, `value`
 * names none. False when it set nothing. */
bool draft_set_recipient(struct draft *draft, struct report_recipient *recipient, struct span value,
                         enum report_from from);
/* Sets diagnostic to `value`, and status, reply and command from its text (reply.h): what the remote side answered
 * wins over a status that the MTA made of it, unless it says no more than the class; reply and command are set where
 * absent. */
void draft_set_diagnostic(struct draft *draft, struct report_recipient *recipient, struct span value);

/* Adds what every format shares, the returned message's fields and the date, and gives the report to the caller.
 * Without a recipient the report is of kind REPORT_KIND_OTHER. */
struct report *draft_finish(struct draft *draft, struct message *message);
