/* addition.h: what is done with a message that comes in: its row, its events, the counters, and what the policy says.
 * In the transaction that is open. Internal to store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/stored.h"

/* See store_add(). */
enum store_result addition_run(struct store *store, const struct store_message *message, const struct event *events,
                               size_t n, GError **error);
