/* remarks.h: what the text of a report says of recipients that are already known: Sendmail's session transcript,
 * OpenSMTPD's and Exchange's lists. For those whose fields hold no reply. */
#pragma once

#include "parser/draft/draft.h"
#include "parser/text/span.h"

/* Sets diagnostic, reply, status and command of the recipients of `draft` that have no reply yet from the lines of
 * `text` that are about them. One pass, whatever the number of recipients. */
void remarks_read(struct draft *draft, struct span text);
