/* notice.h: mail that a mail system wrote, as far as its header tells, and the texts that it may report in: what the
 * readers of free text (dialect_read, generic_read) have in common. */
#pragma once

#include <stdbool.h>

#include "parser/draft/draft.h"
#include "parser/mail/message.h"
#include "parser/prose/finding.h"

/* What the header says of where it came from; a set of bits. Nothing (0) is what ordinary mail has, and mail of people,
 * lists and holiday programs, who may quote. A null sender alone is next to nothing: programs of all kinds, and senders
 * of spam, use it; the text must then be one that a row of dialects.c knows, or hold the fields of RFC 3464. */
enum notice_sign {
    NOTICE_DAEMON = 1 << 0,      /* From says MAILER-DAEMON or the like, or nothing */
    NOTICE_POSTMASTER = 1 << 1,  /* From says postmaster or the like: a person may write as that, too */
    NOTICE_NULL_SENDER = 1 << 2, /* the envelope sender is empty */
    NOTICE_FAILED = 1 << 3,      /* a header field names failed recipients */
    NOTICE_REPORT = 1 << 4,      /* Content-Type says delivery report */
    NOTICE_SUBJECT = 1 << 5,     /* the subject of mail with a null sender says that a delivery failed, or is late */
    NOTICE_RETURNS = 1 << 6,     /* it has a null sender and returns a message of whom it is addressed to */
};

unsigned notice_signs(struct message *message);

/* Is it the subject of other mail that mail systems send, quarantine lists and the like? */
bool notice_is_other(struct span subject);
/* Is it about something that is delivered and is no mail, a parcel? */
bool notice_is_of_goods(struct span subject);
/* The recipients that header fields name (X-Failed-Recipients). */
void notice_read_failed(const struct message *message, struct findings *findings);
