/* rates.h: how often each of many sources does something: a limit of so many in so much time, by a token bucket for
 * each. It knows no clock, and its memory is bounded whatever sources come. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/config/config.h"

struct rates;

/* Remembers `most` sources at most, those that were seen last. One that is forgotten starts anew: a client with many
 * addresses gets more than its share, and no other gets less. */
struct rates *rates_new(guint most);
void rates_free(struct rates *rates);

/* True when `source` may do it once more at `now` (monotonic microseconds): `limit->count` times at once, and once more
 * each time that its share of `limit->period` has passed. An act that is not allowed does not count. `limit` is the
 * same for all sources, and may change; a count of 0 allows all. `*refused`, unless NULL, is how often `source` was
 * refused since it was last allowed; 0 when it is refused now. */
bool rates_take(struct rates *rates, const char *source, const struct config_rate *limit, gint64 now, guint64 *refused);

/* How many sources it remembers. */
guint rates_size(const struct rates *rates);
