/* redis_outlet.h: the outlet that adds items to a stream of Redis, or of what speaks its protocol, as XADD has it: an
 * entry has the fields id, type and event. An item is delivered when the server has answered with the entry's own id.
 */
#pragma once

#include "cmd/bounced/out/feeds/outlet.h"

extern const struct outlet_type redis_outlet;
