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
    bool revised;              /* judged again: not as it was read */
    enum policy_effect effect; /* as it was stored */
    const char *fingerprint;   /* hex digits; NULL: none */
    gint64 wave;               /* that held what it did; 0: none */
    bool let_go;               /* the wave has dropped what it held */
    bool forgiven;             /* from before the removal: it counted, and does no more but that it came before */
    bool stale;                /* does not count if it fails: it is about mail from before a removal */
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

/* Its decision on all of them. */
struct history_result {
    GArray *outcomes;         /* of struct history_outcome, one an event */
    struct list_before entry; /* that they left on the list; it may be over by now */
    guint carrier;            /* the event that this entry is of */
    gint64 cleared;           /* the last event by which mail went through, its id; 0: none */
};

struct history *history_read(struct connection *connection, const char *recipient, GError **error);
void history_free(struct history *history);

struct history_result *history_replay(const struct history *history);
void history_result_free(struct history_result *result);

/* --- what was reported before: the same failure counts once a report, whatever way it came by; once a mail of ours;
 * and once a day (UTC) */

/* Of what the event reports: who says what of whom, about which mail, and when. False when too little of that is known
 * to tell two reports apart. */
bool history_fingerprint(const struct event *event, gint64 received, guint8 fingerprint[EVENT_FINGERPRINT_SIZE]);

/* The day of the signature that proves the event, as a time; 0: it is not proven so. */
gint64 history_signed_on(const struct event *event);

/* Was it reported before, by what may do as much? `event` has its fingerprint; failures of another scope are others. */
bool history_repeats(struct store *store, const struct event *event, gint64 received, const char *scope, bool *repeated,
                     GError **error);

/* Was the mail that it reports on sent before an operator last took the address off the list of the scope? */
bool history_stale(struct store *store, const struct event *event, const char *scope, bool *stale, GError **error);

typedef struct history History;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(History, history_free)
typedef struct history_result HistoryResult;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HistoryResult, history_result_free)
