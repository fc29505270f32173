/* worker_outlet.h: the outlet that gives a program a line for each item: the item's object. An item is delivered when
 * the program has written a line with its id. The program stays for the next ones. One that ends, breaks the protocol
 * or is not through in time has failed; it is started again with the next attempt. */
#pragma once

#include "cmd/bounced/out/feeds/outlet.h"

extern const struct outlet_type worker_outlet;
