/* tombstone.h: what is left of a forgotten address: a keyed hash, and the entries that it has on the list by it.
 * Internal to store/. */
#pragma once

#include "store/ledger/list.h"
#include "store/ledger/state.h"
#include "store/stored.h"

/* The name that the log has of the address: "forgotten:" and 16 hex digits; the caller frees. The secret is made when
 * there is none, in the transaction that is open. */
char *tombstone_name(struct store *store, const char *address, GError **error);

/* In the transaction that is open: makes those of the entries that `address` has at `now`; one that is there is never
 * made shorter. */
bool tombstone_make(struct store *store, const char *address, gint64 now, GError **error);

/* Is any address forgotten? */
bool tombstone_any(struct store *store, bool *found, GError **error);
/* Appends the entries (struct suppression) of the address that the store was asked for, of every scope; their strings
 * are in `store->found`. */
bool tombstone_list(struct store *store, gint64 now, GArray *entries, GError **error);
/* Takes it away and logs it, in the transaction that is open; `*lifted` is false if there was none. */
bool tombstone_lift(struct store *store, const struct list_cause *cause, const char *address, const char *scope,
                    bool *lifted, GError **error);
/* Those that have ended by `now`. */
bool tombstone_expire(struct store *store, gint64 now, GError **error);
