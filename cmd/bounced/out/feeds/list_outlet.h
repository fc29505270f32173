/* list_outlet.h: the outlet that keeps a file with the list, for programs that read it whole. */
#pragma once

#include "cmd/bounced/out/feeds/outlet.h"

extern const struct outlet_type list_outlet;
