/* http_time.h: moments as clients write them: "2026-11-28T06:45:10Z", with any offset (RFC 3339), or a day,
 * "2026-11-28", which is its beginning in UTC. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Seconds since 1970 UTC; false if it is none. */
bool http_time_read(const char *text, gint64 *seconds);
