/* status.h: the fields of a delivery status notification (RFC 3464 section 2): of the message, and a group of them for
 * each recipient. */
#pragma once

#include "parser/draft/draft.h"
#include "parser/mail/message.h"
#include "parser/text/span.h"

/* The types that a part of it has, NULL-terminated. */
extern const char *const status_types[];

/* Reads the blocks of fields at the start of `rest` and adds the recipients that they are about. */
void status_read(struct message *message, struct draft *draft, struct span rest);
