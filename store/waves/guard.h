/* guard.h: waves as they begin, go on and end. In the transaction that is open. Internal to store/. */
#pragma once

#include "store/waves/tally.h"

/* An address fails hard that is not on the list. */
struct guard_failure {
    const char *receiver;
    const char *rule;
    gint64 at;     /* it happened, */
    gint64 now;    /* and is stored */
    bool proven;   /* else anybody may have made it up: it counts as far as it may suppress */
    bool confined; /* a tenant's word: it makes no wave, which is for all, but is part of one that is on */
};

struct guard_outcome {
    gint64 wave; /* that it is part of; 0: none */
    bool begins; /* with it: the failures of the group from `began` on are part of it, too */
    gint64 began;
};

bool guard_count(struct connection *connection, const struct wave_settings *settings,
                 const struct guard_failure *failure, struct guard_outcome *outcome, GError **error);

/* May the failure at `now` of an address that the wave holds be believed: is the wave over for a day? */
bool guard_believes(struct connection *connection, gint64 wave, gint64 now, bool *believes, GError **error);

/* Ends the waves that are over. */
bool guard_end(struct connection *connection, gint64 now, GError **error);
