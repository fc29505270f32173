/* origin.h: did a mail system write the message, or a program in reply to other mail? As far as the header tells. Each
 * question is settled once a message, when a reader first asks it. */
#pragma once

#include <stdbool.h>

#include "parser/mail/message.h"

/* The header's signs of a mail system; a set of bits. Ordinary mail has none of them (0), and so has mail of
 * people, lists and holiday programs, who may quote. A null sender alone is next to nothing: programs of all kinds, and
 * senders of spam, use it; the text must then be one that a row of the dialects knows, or hold the fields of RFC 3464.
 */
enum origin_sign {
    ORIGIN_DAEMON = 1 << 0,      /* From says MAILER-DAEMON or the like, or nothing */
    ORIGIN_POSTMASTER = 1 << 1,  /* From says postmaster or the like: a person may write as that, too */
    ORIGIN_NULL_SENDER = 1 << 2, /* the envelope sender is empty */
    ORIGIN_FAILED = 1 << 3,      /* a header field names failed recipients */
    ORIGIN_REPORT = 1 << 4,      /* Content-Type says delivery report */
    ORIGIN_SUBJECT = 1 << 5,     /* the subject of mail with a null sender says that a delivery failed, or is late */
    ORIGIN_RETURNS = 1 << 6,     /* it has a null sender and returns a message that its own addressee sent */
    ORIGIN_CAME_BACK = 1 << 7,   /* by its envelope it came from the null sender to a return path of ours, where mail
                                  * systems write, and programs that answer for people: it is none of those */
};

/* Header fields that name failed recipients; NULL-terminated. */
extern const char *const origin_failed_fields[];

/* `message` is borrowed and outlives it. */
struct origin *origin_new(struct message *message);
void origin_free(struct origin *origin);

unsigned origin_signs(struct origin *origin);
/* May it be a mail system's all the same, though it has no sign (0)? A list's server left its fields in a postmaster's
 * mail or in one with a null sender, or the subject is the title of a failure notice and nothing tells that a person
 * wrote it. Its text must then leave no doubt (notice.h). */
bool origin_is_doubtful(struct origin *origin);
/* Is the null sender there, or a name that nobody but a mail system and its keeper has? */
bool origin_is_system(struct origin *origin);
/* Did a program reply for a person (auto_submitted.h)? */
bool origin_is_auto_reply(struct origin *origin);
/* Is it sent to a return path of ours, by the envelope, or where that is not known by the header? A bounce that
 * somebody passes on to where bounces come is a report; to anybody else it is a question. */
bool origin_is_for_return_path(const struct origin *origin);
/* Is it other mail that mail systems send, by its subject: quarantine lists and the like? */
bool origin_is_listing(const struct origin *origin);
/* Is it about something that is delivered and is no mail, by its subject: a parcel? */
bool origin_is_of_goods(const struct origin *origin);
