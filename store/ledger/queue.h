/* queue.h: the rows of the outbox. Those that write are in the transaction that is open. Internal to store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/outgoing.h"

/* See outbox.h. */
bool queue_add(struct store *store, const guint8 *digest, const struct outgoing_order *order,
               enum outgoing_state *state, GError **error);
bool queue_next(struct store *store, struct outgoing *next, bool *found, GError **error);
bool queue_mark(struct store *store, const struct outgoing *outgoing, GError **error);
bool queue_retry(struct store *store, const char *digest, gint64 now, unsigned *n, GError **error);
