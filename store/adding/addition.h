/* addition.h: what is done with a message that comes in: its row, its events, the counters, and what the policy says.
 * In the transaction that is open. Internal to store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/stored.h"

/* See store_add(). */
enum store_result addition_run(struct store *store, const struct store_message *message, const struct event *events,
                               size_t n, GError **error);

/* Facts from elsewhere, which count nowhere. The message that stands for where they come from: its row is made of
 * `message` and of `event`'s fields that are a message's. */
struct addition_origin {
    gint64 message; /* the id of the row */
    gint64 received;
};
bool addition_message(struct store *store, const struct store_message *message, const struct event *event,
                      struct addition_origin *origin, GError **error);
/* An event of it, about an entry of `scope` (entry_scope_key()). `*id` is that of the row. */
bool addition_event(struct store *store, const struct addition_origin *origin, const char *scope,
                    const struct event *event, gint64 *id, GError **error);
