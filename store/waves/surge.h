/* surge.h: does a receiver fail far more mail than it used to? It computes; the caller counts, and keeps the time.
 *
 * A group is what one receiver says by one rule. Addresses are counted that fail hard and are not on the list,
 * in buckets of five minutes.
 *
 *   hour      what the group has in the twelve buckets in a row that have most, of those that hold the event's bucket
 *   busiest   its busiest hour of the 35 days before the event's day (UTC), without waves. While it is younger than
 *             seven days, that of the receiver's other groups if that is more: new rules give old texts new names.
 *   others    how busy all other groups are: their hour by their busiest one, but a quarter at least. 1 if their
 *             busiest hour is less than `minimum`: it tells nothing
 *   baseline  busiest * others: when more mail than ever goes out, all grow, and while little does, a group that is as
 *             busy as ever stands out; or busiest * (mail sent to the receiver in this hour / in that one), where both
 *             are known
 *
 * It is a surge if hour >= minimum and hour >= factor * baseline.
 *
 * A store that has watched for less than seven days knows no busiest hours. Its first mailing must not look like a
 * surge, and a surge must not pass for its first mailing: until then the baseline is at least all that the other groups
 * have in the same hour, and the minimum ten times what is set.
 *
 * A surge lasts as long as the hour stays at half of what raised it, and an hour longer; three days at most: then it is
 * no surge, but how things are. Internal to store/. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/stored.h"

enum {
    SURGE_BUCKET = 300,                 /* seconds */
    SURGE_HOUR = 12,                    /* buckets */
    SURGE_BUCKETS = 2 * SURGE_HOUR - 1, /* those around an event's that an hour with it may have */
    SURGE_DAY = 288,                    /* buckets */
    SURGE_DAYS = 35,                    /* that the baseline looks back */
    SURGE_LEARNING = 7 * 86400,         /* seconds */
    SURGE_LONGEST = 3 * 86400,          /* seconds */
};

/* `counts[SURGE_HOUR - 1]` is the event's bucket: those before it come first. The buckets after it have something when
 * reports do not come in the order in which things happened. */
gint64 surge_hour(const gint64 counts[SURGE_BUCKETS]);

struct surge_view {
    gint64 hour;
    gint64 busiest;      /* 0: it had none */
    gint64 sent;         /* to the receiver in this hour; 0: not known */
    gint64 busiest_sent; /* in the busiest one; 0: not known */
    gint64 all;          /* of all groups, with this one */
    gint64 all_busiest;
    gint64 watched; /* seconds since the store began to count */
};

/* Is it a surge? `*baseline` is what the hour is measured with, `*level` the hour by which it became one. */
bool surge_begins(const struct wave_settings *settings, const struct surge_view *view, gint64 *baseline, gint64 *level);

/* Does an hour like this keep it up that began at this level? */
bool surge_goes_on(gint64 hour, gint64 level);

/* When it ends if nothing more comes; `last` is when it was kept up last. */
gint64 surge_end(gint64 began, gint64 last);
