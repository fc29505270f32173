/* counter.h: the figures a day that events add up to. They belong to the transaction that is open. Internal to store/.
 */
#pragma once

#include "store/event.h"
#include "store/ledger/state.h"

/* Counts an event that was received then; or `n` of its kind, verdict and reason. */
bool counter_add(struct store *store, const struct event *event, gint64 received, GError **error);
bool counter_add_many(struct store *store, const struct event *event, gint64 n, gint64 received, GError **error);
/* Takes it back, as if it had never been counted. */
bool counter_take(struct store *store, const struct event *event, gint64 received, GError **error);
