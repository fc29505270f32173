/* outbox.h: the outbox: stored messages that go on to a person. A row is written in the transaction that stores its
 * message, and the raw message is kept for as long as a row waits. */
#pragma once

#include "store/outgoing.h"
#include "store/store.h"

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
