/* seldom.h: limits how often the log says the same thing again. It knows no clock. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define SELDOM_MINUTE (60 * G_TIME_SPAN_SECOND)
#define SELDOM_HOUR (60 * SELDOM_MINUTE)

/* Plain data; `said` is 0 at the start. */
struct seldom {
    gint64 period; /* microseconds */
    gint64 said;   /* when it was said last; monotonic microseconds, 0: never */
};

/* True if it is to be said at `now` (monotonic microseconds): for the first time, or a period after the last. */
bool seldom_due(struct seldom *seldom, gint64 now);
