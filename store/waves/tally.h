/* tally.h: how many addresses newly fail at each receiver, by each rule, bucket by bucket, and the busiest hours of the
 * past: what surge.h looks at. In the transaction that is open. Internal to store/.
 *
 * A tally is of one receiver and one rule. So many new ones a day there are at most, and reports without proof make a
 * part of them: others are not counted. One of which nothing was counted for as long as a baseline looks back goes. */
#pragma once

#include "store/sqlite/connection.h"
#include "store/waves/surge.h"

enum { TALLY_NEW_MAX = 10000, TALLY_NEW_OF_STRANGERS = 1000 };

struct tally {
    const char *receiver;
    const char *rule;
    gint64 id; /* 0: none */
    gint64 first;
    gint64 wave; /* that is on; 0: none */
    gint64 hour; /* surge.h: of the failure that was counted last */
};

/* Finds the one of `tally->receiver` and its rule, or makes it at `at`; its id is 0 if there is no room for it. */
bool tally_find(struct connection *connection, struct tally *tally, gint64 at, bool proven, GError **error);

/* Counts one failure at `at`, and among all if no wave is on. */
bool tally_count(struct connection *connection, struct tally *tally, gint64 at, GError **error);

/* All that there is to see of it at `at`, the last failure that was counted. */
bool tally_view(struct connection *connection, const struct tally *tally, gint64 at, struct surge_view *view,
                GError **error);

/* A wave is on, or, 0, is over. */
bool tally_set_wave(struct connection *connection, gint64 id, gint64 wave, GError **error);
/* Takes what was counted back between these times, both included: a wave's is no baseline. */
bool tally_take(struct connection *connection, gint64 id, gint64 from, gint64 to, GError **error);

/* Puts days that are over into few rows, and drops what is old; `limit` tallies at most of each. `*more` when some are
 * left. */
bool tally_tidy(struct connection *connection, gint64 now, unsigned limit, bool *more, GError **error);
