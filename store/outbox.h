/* outbox.h: the outbox: stored messages that go on to a person. A row is written in the transaction that stores its
 * message, and the raw message is kept for as long as a row waits. */
#pragma once

#include "store/store.h"

extern const char *const outgoing_state_names[];
enum outgoing_state {
    OUTGOING_WAITING,
    OUTGOING_DELIVERED,
    OUTGOING_FAILED,   /* given up */
    OUTGOING_WITHHELD, /* was not to go on, or was one too many */
};

/* One row; its strings live until the next call. */
struct outgoing {
    const char *digest;    /* of the message */
    const char *source;    /* of the message, as in struct store_message */
    const char *recipient; /* whom it goes on to */
    const char *came_to;   /* the envelope recipient that it came for */
    enum outgoing_state state;
    gint64 queued;
    unsigned attempts;
    gint64 next;      /* of OUTGOING_WAITING: when it is tried */
    gint64 tried;     /* 0: never */
    const char *said; /* what the last attempt came to, or why it is withheld; NULL: nothing yet */
};

/* What is to become of a message that store_add() has just added. */
struct outgoing_order {
    const char *recipient;
    const char *came_to;
    const char *withheld; /* why it does not go on; NULL: it does */
    gint64 now;
    gint64 hourly;        /* when as many go on that were queued within the hour before now, it is withheld, too, ... */
    const char *too_many; /* ... for this reason */
};

/* In the transaction that is open. `*state` is what it is: OUTGOING_WAITING or OUTGOING_WITHHELD. */
bool store_outbox_add(struct store *store, const guint8 *digest, const struct outgoing_order *order,
                      enum outgoing_state *state, GError **error);

/* Each of these is its own transaction, and none may be open.
 *
 * The row that waits and whose turn is first, due or not; `*found` is false when none waits. */
bool store_outbox_next(struct store *store, struct outgoing *next, bool *found, GError **error);
/* Writes what became of the row of this digest and recipient: state, attempts, next, tried and said. */
bool store_outbox_mark(struct store *store, const struct outgoing *outgoing, GError **error);
/* Rows of a whole digest that were not delivered are due at once, as new ones; `*n` of them. */
bool store_outbox_retry(struct store *store, const char *digest, gint64 now, unsigned *n, GError **error);

/* The order: by the time they were queued, which `since` and `until` are about. `kind` is the state; without one all
 * but the delivered. */
struct store_cursor *store_outbox(struct store *store, const struct store_filter *filter, GError **error);
bool store_next_outgoing(struct store_cursor *cursor, struct outgoing *row, GError **error);
