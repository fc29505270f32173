/* notice_outlet.h: the outlet that tells the author of a message that it was not delivered, by a short mail through the
 * smart host: see nondelivery.h for when, and telling.h for how often. A notice is sent on a thread of its own. One
 * that the smart host refuses, or defers for an hour, is not tried again, so that it does not hold up the next. */
#pragma once

#include "cmd/bounced/out/feeds/outlet.h"

/* Events of the log. */
extern const struct journal_event notice_events[];

extern const struct outlet_type notice_outlet;
