/* counter.h: the figures a day that events add up to. They belong to the transaction that is open. Internal to store/.
 *
 * A day has so many counters at most, and reports without proof, which name streams and domains as they like, make a
 * part of them: what is more adds up in counters of no stream and no domain. */
#pragma once

#include "store/event.h"
#include "store/ledger/state.h"

enum { COUNTER_ROWS_MAX = 100000, COUNTER_ROWS_OF_STRANGERS = 20000 };

/* Counts an event that was received then; or `n` of its kind, verdict and reason. */
bool counter_add(struct store *store, const struct event *event, gint64 received, GError **error);
bool counter_add_many(struct store *store, const struct event *event, gint64 n, gint64 received, GError **error);
/* Takes it back, as if it had never been counted. */
bool counter_take(struct store *store, const struct event *event, gint64 received, GError **error);
/* Counts `now` where `before` was counted: the two have the same stream and addresses. */
bool counter_change(struct store *store, const struct event *before, const struct event *now, gint64 received,
                    GError **error);
