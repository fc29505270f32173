/* own_dsn.h: DSNs that an MTA of the operator's made itself: what they say of a recipient needs no other proof. */
#pragma once

#include <stdbool.h>

#include "parser/draft/draft.h"
#include "parser/mail/message.h"

/* Did one of the hosts of the envelope make it, and does it speak for each recipient of the report? `draft` is what a
 * reader and recovery_run() made of the message. It has the null sender by the envelope, the trace of a message of that
 * MTA's own (trace.h) and one status part. It speaks for a recipient that it tried to reach itself (Final-Recipient);
 * Original-Recipient, and an address in our return path, are the word of whoever sent the mail that failed, and anybody
 * may send such mail through an MTA. */
bool own_dsn_speaks(const struct message *message, const struct draft *draft);
