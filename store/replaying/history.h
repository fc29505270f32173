/* history.h: what was reported about one address since an operator last took it off the list, and what entries were
 * put on by hand between: all that replay.h goes through. Internal to store/. */
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

/* An entry that an operator put on the list, or an import, and nobody took off since. */
struct history_placement {
    gint64 sequence; /* of the change */
    gint64 at;
    const char *scope;
    struct list_before entry;
    gint64 message_before; /* the last one that had changed the address's entries by then; 0: none */
    gint64 message_after;  /* the first one after it; 0: none */
};

struct history {
    const char *recipient;
    GArray *events;     /* of struct history_event, in the order in which they were stored */
    GArray *placements; /* of struct history_placement, the same */
    GStringChunk *strings;
};

struct history *history_read(struct connection *connection, const char *recipient, GError **error);
void history_free(struct history *history);

/* Takes an event as one of another scope, in which an operator's removal may be later than it. */
bool history_move(struct store *store, struct history *history, guint index, const char *scope, GError **error);

/* Was the entry there before the event? */
bool history_precedes(const struct history_placement *placement, const struct history_event *row);

typedef struct history History;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(History, history_free)
