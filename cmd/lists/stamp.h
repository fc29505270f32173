/* stamp.h: times as the lists of providers have them. Pure; what names no zone is UTC. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

/* Seconds or milliseconds since 1970 ("1513299569", "1513299569.25", "1520363423000"), ISO 8601 and what is written
 * like it ("2026-11-22T09:30:00Z", "2026-11-22T09:30:00.1234567-05:00", "2026-11-22 09:30:00", "2026-11-22",
 * "2018-10-08T14:05:45 +0000"), and RFC 5322 ("Fri, 21 Oct 2011 11:02:55 GMT", "21 Oct 2011 11:02:55 -0500"). False if
 * it is none of these, or not between 1970 and 9999. */
bool stamp_read(struct span text, gint64 *seconds);
