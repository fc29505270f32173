/* outlets.h: the ways out of feeds, by enum feed_type. */
#pragma once

#include "cmd/bounced/out/feeds/outlet.h"

extern const struct outlet_type *const outlets[];
