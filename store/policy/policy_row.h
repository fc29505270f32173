/* policy_row.h: one row of a policy: how many failures within which time suppress an address, and for how long.
 *
 * Written as in the config: "never", "1", "5 in 30d", "5 in 30d on 3 days", "5 in 30d spaced 2d", each of them but the
 * first perhaps with ", for 90d" or ", for 7d, then 30d, then for good"; units m, h, d, w, y. Without "for" it is for
 * good. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum {
    ROW_COUNT_MAX = 10000, /* the most that counting may cost for one event */
    ROW_STAYS_MAX = 8,
};

/* Suppress at the `count`-th failure within `within` seconds. Failures on one day (UTC) count as well, but the `days`
 * on which they happened must be as many; of failures that are not `spaced` seconds apart one counts. */
struct policy_row {
    unsigned count;              /* 0: never */
    gint64 within;               /* 0: ever */
    unsigned days;               /* 0: no matter when */
    gint64 spaced;               /* 0: no matter when */
    unsigned stays_n;            /* 0: for good */
    gint64 stays[ROW_STAYS_MAX]; /* seconds; of the first entry, the second, ...; the last holds for all that come
                                  * after it, and alone may be 0: for good */
};

/* False and an error, which says what was expected, if `text` is not a row. `error` may be NULL. */
bool policy_row_parse(const char *text, struct policy_row *row, GError **error);
/* "5 in 30d on 3 days, for 90d"; the caller frees. */
char *policy_row_format(const struct policy_row *row);

/* Does it matter to the row when failures happened within its time? */
bool policy_row_wants_times(const struct policy_row *row);
/* How many of the row's `count` are reached by `n` failures within its time: as many more are needed at least as are
 * missing. `times`, when they happened (policy_time()), get sorted; they may be NULL if the row does not want them. */
unsigned policy_row_reached(const struct policy_row *row, gint64 *times, size_t n);

/* When a failure that was received then happened: what its report says, unless it says a time to come, or one that is
 * older than mail servers keep mail. `occurred` 0: it does not say. */
gint64 policy_time(gint64 occurred, gint64 received);

/* The end of an entry that begins at `now` after `relapses` of its kind that have expired; 0: for good. */
gint64 policy_row_until(const struct policy_row *row, unsigned relapses, gint64 now);
