/* holding.h: entries of the list that a wave holds: they are put there, take effect or go. In the transaction that is
 * open. Internal to store/. */
#pragma once

#include "store/ledger/list.h"
#include "store/ledger/state.h"
#include "store/stored.h"

/* Counts a hard failure of an address that is not on the list, and that may suppress. `*wave` is the one that it is
 * part of, 0: none. When one begins with it, the entries that its group made in the hour before are held, too. */
bool holding_count(struct store *store, const struct store_message *message, const struct event *event, gint64 *wave,
                   GError **error);

/* Mail to the address went through: what a wave holds of it goes, in a scope, or, "", in every one. Of the cause `now`,
 * `event` and `message` matter. */
bool holding_release(struct store *store, const char *recipient, const char *scope, const struct list_cause *cause,
                     GError **error);

/* Another entry of the wave takes effect. */
bool holding_note_confirmed(struct connection *connection, gint64 wave, GError **error);

/* Ends waves that are over, and drops what waited for another failure for `hold`; `limit` rows of each kind at most,
 * `*more` when some are left. */
bool holding_tidy(struct store *store, gint64 now, unsigned limit, bool *more, GError **error);

/* Has an operator's order done to the entries of a wave, the first `limit`; `*n` of them. They take effect; or they go,
 * and reports about their addresses count no more. */
bool holding_confirm(struct store *store, gint64 wave, const struct store_order *order, unsigned limit, unsigned *n,
                     GError **error);
bool holding_drop(struct store *store, gint64 wave, const struct store_order *order, unsigned limit, unsigned *n,
                  GError **error);
