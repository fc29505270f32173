/* backoff.h: how long a feed that fails waits for its next attempt: `first` seconds, and twice as long each time, up to
 * an hour; a quarter of it, at most, is left to chance, so that feeds do not come all at once; and never less than the
 * other side asks for, up to a day. Pure. */
#pragma once

#include <glib.h>

enum { BACKOFF_MOST = 3600, BACKOFF_ASKED_MOST = 86400 };

/* `attempts` that have failed, 1 or more; `chance` is from 0 to 1, without 1. Seconds. */
gint64 backoff_wait(gint64 first, unsigned attempts, gint64 asked, double chance);
