/* parts.h: the MIME structure of a message (RFC 2046): the header and the leaf parts, found in one pass. For message.c.
 */
#pragma once

#include "parser/mail/message.h"

/* Fills the header, type, body and parts of `message`. What exceeds the limits is left out, or left as one leaf, and
 * said in message->cut. */
void parts_find(struct message *message, struct span bytes);
