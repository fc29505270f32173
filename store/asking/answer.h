/* answer.h: what the list says of an address, to those who ask for a stream, a tenant or anybody. Internal to store/.
 */
#pragma once

#include "store/ledger/state.h"
#include "store/stored.h"

/* See store_look_up(): for the address in `store->recipient` and `store->folded`, by the store's snapshot. */
bool answer_find(struct store *store, const struct store_asker *asker, gint64 now, struct store_answer *answer,
                 GError **error);

/* Of the entries in `store->answer` those stay that apply to the asker; the scopes of others are closed. */
void answer_keep(struct store *store, const struct store_asker *asker);
