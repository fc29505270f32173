/* log_stamp.h: the time at the beginning of a line of a log: syslog's, "Nov 28 15:20:09", which has no year and no
 * zone; and those of RFC 3339 and of Exim, "2026-11-28 09:00:10.123 +0100", which may have both; and
 * seconds since 1970. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

/* The things that such stamps are read by, and the last one. */
struct log_clock {
    GTimeZone *zone; /* NULL: UTC */
    gint64 newest;
    int year;
    unsigned month;
    gint64 quarter, offset; /* of the quarter of an hour, of local time, that was looked at last */
};

/* See struct log_settings. */
void log_clock_start(struct log_clock *clock, GTimeZone *zone, gint64 newest, int year);

/* Takes it, and the blanks behind it, off `line`. False if there is none. */
bool log_stamp_read(struct log_clock *clock, struct span *line, gint64 *time);
