/* history.h: what was reported about one address, and what the policy makes of it from the first event on that came
 * after an operator last took it off the list. With events that are judged otherwise, what it makes of them says what
 * the list would be, had they been judged so from the start. Internal to store/. */
#pragma once

#include <glib.h>

#include "store/ledger/list.h"
#include "store/ledger/state.h"
#include "store/sqlite/connection.h"

struct history_event {
    gint64 id;
    gint64 message;
    gint64 received;
    struct event event;        /* as much of it as policies look at, and the rule */
    struct policy_row row;     /* that was applied */
    bool lifts;                /* a success takes a soft entry off (policy_lifts()) */
    bool revised;              /* judged again: not as it was read */
    enum policy_effect effect; /* as it was stored */
    const char *fingerprint;   /* hex digits; NULL: none */
    gint64 wave;               /* that held what it did; 0: none */
    bool let_go;               /* the wave has dropped what it held */
    bool forgiven;             /* from before the removal: it counted, and does no more but that it came before */
    bool doubted;              /* a rollback has it believed no more, whatever proves it */
    bool stale;                /* does not count if it fails: it is about mail from before a removal */
    const char *scope;         /* of the entry that it makes or counts towards, as the database has it */
    const char *tenant;        /* whose its stream is; NULL: not known */
};

struct history {
    GArray *events; /* of struct history_event, in the order in which they were stored */
    GStringChunk *strings;
};

/* The policy's decision on one event. */
struct history_outcome {
    enum policy_effect effect;
    unsigned failures;
    bool counts;
};

/* The entry that they left on the list; it may be over by now. */
struct history_entry {
    const char *scope;
    struct list_before entry;
    guint carrier;                   /* the event that it is of */
    unsigned relapses[REASON_COUNT]; /* by reason the entries before it that had expired */
};

/* Its decision on all of them. */
struct history_result {
    GArray *outcomes; /* of struct history_outcome, one an event */
    GArray *entries;  /* of struct history_entry */
    gint64 cleared;   /* the last event by which mail went through, its id; 0: none */
};

struct history *history_read(struct connection *connection, const char *recipient, GError **error);
void history_free(struct history *history);

/* Takes an event as one of another scope, in which an operator's removal may be later than it. */
bool history_move(struct store *store, struct history *history, guint index, const char *scope, GError **error);

struct history_result *history_replay(const struct history *history);
/* The entry of a scope; one that is not listed when there is none. */
const struct history_entry *history_entry_of(const struct history_result *result, const char *scope);
void history_result_free(struct history_result *result);

/* How many entries with the subject, scope and reason of this one have expired by `now`: those which its history still
 * makes. One that an operator took off is none, nor is one of reports that are not believed any more. */
bool history_relapses(struct store *store, const struct suppression *entry, gint64 now, unsigned *relapses,
                      GError **error);

typedef struct history History;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(History, history_free)
typedef struct history_result HistoryResult;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HistoryResult, history_result_free)
