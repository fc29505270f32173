/* reader.h: the type of the readers, one for each family of formats. The parser tries them in the order of its table
 * (parser.c); the first that returns true has read the message.
 *
 * A new reader is a function of this type, in a file of its noun, with a row in that table before those that would take
 * its messages for theirs. It first decides, at little cost (header fields, part types, before any text is decoded),
 * whether the message may be its own. It returns false, and adds no recipient, when the message is not. Then it sets
 * report->dialect, adds its recipients (draft_recipient) and sets what the message says of each: draft_set_recipient
 * with how it was found, status, reply, command, diagnostic, remote_mta, occurred. It leaves absent what the message
 * does not say. It looks neither at the envelope nor at the returned message's fields: recovery_run() and
 * draft_finish() do that for all. A reader that finds the returned message inside a text calls message_set_returned().
 */
#pragma once

#include <stdbool.h>

#include "parser/draft/draft.h"
#include "parser/mail/message.h"

typedef bool reader_function(struct message *message, struct draft *draft);
