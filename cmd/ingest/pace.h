/* pace.h: how many rows the upkeep of the store takes in one transaction: so many that others, who wait for it, do not
 * wait for long. */
#pragma once

#include <glib.h>

enum { PACE_MOST = 1000, PACE_LEAST = 50 }; /* rows */

#define PACE_AIM (20 * G_TIME_SPAN_MILLISECOND) /* for one transaction */

/* After a transaction of `rows`, which took so many microseconds. */
unsigned pace_next(unsigned rows, gint64 took);
