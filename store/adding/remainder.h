/* remainder.h: the events of a message that are counted and not kept: a report that proves nothing may name ten
 * thousand addresses, and must not cost as many rows. In the transaction that is open. Internal to store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/stored.h"

struct remainder;
struct remainder *remainder_new(const struct store_message *message);
void remainder_free(struct remainder *remainder);

/* Takes the event if it is one too many, and says so; else it is to be kept. An event that the message gave before
 * counts once.
 */
bool remainder_take(struct remainder *remainder, const struct event *event);
/* Counts those that were taken: of no domain, since there may be as many. Writes how many they are to the message. */
bool remainder_store(const struct remainder *remainder, struct store *store, gint64 message_id, GError **error);

typedef struct remainder Remainder;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Remainder, remainder_free)
