/* replay.h: what the policy makes of a history from its first event on. With events that are judged otherwise, what it
 * makes of them says what the list would be, had they been judged so from the start. Internal to store/. */
#pragma once

#include "store/replaying/history.h"

/* The policy's decision on one event. */
struct replay_outcome {
    enum policy_effect effect;
    unsigned failures;
    bool counts;
};

/* The entry that they left on the list; it may be over by now. */
struct replay_entry {
    const char *scope;
    struct list_before entry;
    guint carrier;                             /* the event that it is of, unless: */
    const struct history_placement *placement; /* it was placed; its end may be another by now. Borrowed */
    unsigned relapses[REASON_COUNT];           /* by reason the entries before it that had expired */
};

/* Its decision on all of them. */
struct replay_result {
    GArray *outcomes; /* of struct replay_outcome, one an event */
    GArray *entries;  /* of struct replay_entry */
    GHashTable
        *cleared; /* by scope, "": of every one, the id (gint64 *) of the last event by which mail went through */
};

struct replay_result *replay_run(const struct history *history);
/* The entry of a scope; one that is not listed when there is none. */
const struct replay_entry *replay_entry_of(const struct replay_result *result, const char *scope);
/* The last event by which mail went through that clears failures in the scope, its id; 0: none. */
gint64 replay_cleared(const struct replay_result *result, const char *scope);
void replay_result_free(struct replay_result *result);

/* How many entries with the subject, scope and reason of this one have expired by `now`: those which its history still
 * makes. One that an operator took off is none, nor is one of reports that are not believed any more. */
bool replay_relapses(struct store *store, const struct suppression *entry, gint64 now, unsigned *relapses,
                     GError **error);

typedef struct replay_result ReplayResult;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReplayResult, replay_result_free)
