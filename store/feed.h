/* feed.h: where each feed is in what comes into a store (position.h), and how it fares. Of what it tells it keeps no
 * copies here: it reads that from the events and the log, so what is forgotten there is told no more.
 *
 * Two write to a row: the operator, who says what is to be done, and the daemon, which says what became of it. Each
 * writes what is his own, and the daemon only for the turn that it knows: it reads the rows again when it has been
 * stirred (tail.h). */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/position.h"

struct store;

struct feed_state {
    char *name;

    /* The operator's. Another turn: the position, and all that follows, is to be read again. */
    gint64 turn;
    bool paused;
    gint64 asked; /* when a test was asked for last, in seconds; 0: never */

    /* The daemon's. */
    gint64 tested;                  /* the `asked` that was answered last: a test is due if that is another */
    struct store_position position; /* behind what was delivered */
    bool dead;                      /* it gave up, or was told to: it waits for the operator */
    gint64 failing_since;           /* 0: it does not fail */
    unsigned attempts;              /* that failed since */
    gint64 tried;                   /* when it was tried last; 0: never */
    gint64 next;                    /* when it is tried again; 0: it does not wait */
    gint64 delivered;               /* when something was delivered last; 0: never */
    char *error;                    /* the last failure, kept until something is delivered; NULL: none */
};
void feed_state_free(struct feed_state *state);

/* The row of this name, which is made at the present end when there is none. In a transaction of its own if it is
 * made. The caller frees; NULL: an error. */
struct feed_state *store_feed_open(struct store *store, const char *name, GError **error);
/* NULL without an error if there is none. */
struct feed_state *store_feed_find(struct store *store, const char *name, GError **error);
/* All rows by their names, those of feeds that are configured no more, too: of struct feed_state *. */
GPtrArray *store_feeds(struct store *store, GError **error);

/* Writes what is the daemon's of `states` (of struct feed_state *), all in one transaction of its own. A row of another
 * turn, or that is not there, is left as it is. */
bool store_feeds_save(struct store *store, const GPtrArray *states, GError **error);

/* The operator's orders, each in a transaction of its own; `*found` is false if there is no such feed. To resume ends a
 * pause, and brings a dead one back to life: it is tried at once. A replay makes it go on from a position
 * (STORE_ERROR_GONE), and brings it to life, too. */
bool store_feed_pause(struct store *store, const char *name, bool *found, GError **error);
bool store_feed_resume(struct store *store, const char *name, bool *found, GError **error);
bool store_feed_test(struct store *store, const char *name, gint64 now, bool *found, GError **error);
bool store_feed_replay(struct store *store, const char *name, const struct store_position *position, bool *found,
                       GError **error);
/* Its row goes: a feed of this name begins anew. */
bool store_feed_drop(struct store *store, const char *name, bool *found, GError **error);

/* All that lies between a position and the end, whatever a filter leaves out of it. It costs the reading of some rows.
 */
struct feed_lag {
    gint64 events;  /* so many at most: some may be erased */
    gint64 changes; /* likewise */
    gint64 oldest;  /* when the first of them came; 0: there are none */
};
bool store_feed_lag(struct store *store, const struct store_position *position, struct feed_lag *lag, GError **error);

typedef struct feed_state FeedState;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FeedState, feed_state_free)
