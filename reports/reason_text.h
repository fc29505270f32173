/* reason_text.h: what a reason means, and whose fault it is, in sentences for people who ask why an address is on the
 * list: without the words of the trade where there are others. */
#pragma once

#include "classifier/reason.h"

/* "There is no such mailbox: ..."; NULL for REASON_NONE. */
const char *reason_text(enum reason reason);

/* "It is the address's own fault: ..."; NULL for PARTY_NONE. */
const char *party_text(enum party party);
