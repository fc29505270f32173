/* reader.h: the readers, one for each family of formats. The parser tries them in the order of its table
 * (parser.c); the first that returns true has read the message.
 *
 * A new reader: a function of this type, in a file of its noun, declared here and given a row in the table of parser.c,
 * before those that would take its messages for theirs. It first decides, at little cost (header fields, part types,
 * before any text is decoded), whether the message may be its own, and returns false, with no recipient added, when it
 * is not. Then it sets report->dialect, adds its recipients (draft_recipient) and sets what the message says of each:
 * draft_set_recipient with how it was found, status, reply, command, diagnostic, remote_mta, occurred. It leaves absent
 * what the message does not say. It does not look at the envelope, nor at the returned message's fields:
 * recovery_run() and draft_finish() do that for all. A reader that finds the returned message inside the text calls
 * message_set_returned(). */
#pragma once

#include <stdbool.h>

#include "parser/draft/draft.h"
#include "parser/mail/message.h"

typedef bool reader_function(struct message *message, struct draft *draft);

reader_function feedback_read;     /* RFC 5965, RFC 6591 and older complaint forms */
reader_function xarf_read;         /* X-ARF, complaints in YAML or JSON */
reader_function receipt_read;      /* read receipts (RFC 8098): they report nothing to us */
reader_function dsn_read;          /* RFC 3464, RFC 6522, RFC 6533 */
reader_function forward_read;      /* one of the three above, attached to another message */
reader_function dsn_text_read;     /* RFC 3464 in a text, since the MIME structure is lost */
reader_function dialect_read;      /* the free-text formats that dialects.c has rows for */
reader_function notification_read; /* Amazon SES's notifications in JSON */
reader_function generic_read;      /* failure reports in free text that no row knows */
reader_function dsn_unnamed_read;  /* RFC 3464 without one recipient: the last word on failure reports */
reader_function auto_reply_read;   /* RFC 3834 */
reader_function unsubscribe_read;  /* mail to a List-Unsubscribe address */
