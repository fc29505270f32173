/* recovery.h: the recipient, where the reader found none, or one that is worth less than what the envelope tells. And
 * the evidence and the stream that come with our return path. The parser runs it behind the readers. */
#pragma once

#include "parser/draft/draft.h"
#include "parser/mail/message.h"

/* Looks, in this order, at the return path that the report came to, or that the returned message had, and, when the one
 * recipient is still unknown, at X-headers, Received and To of the returned message. Where these tell that it was
 * forwarded, the recipient is whom we sent to, and what the report names is where it failed. */
void recovery_run(struct draft *draft, struct message *message);
