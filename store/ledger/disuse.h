/* disuse.h: causes that no entry and no change has any more, which go with the changes that had them: their notes, and
 * the names of those who wrote them. And batches of which nothing is left. Internal to store/. */
#pragma once

#include "store/ledger/state.h"

/* Begins to look for them when changes have gone (state.h), and `*more` says that nothing else is left; goes on by
 * `limit` rows of each kind. `*ready` when all was read; `*more` when it is to be called again before that. */
bool disuse_look(struct store *store, unsigned limit, bool *ready, bool *more, GError **error);

/* When it is ready: drops so many, in the transaction that is open, and in which references are not looked after, for
 * SQLite would read all of the list for each. `before` is the time from before which changes go. */
bool disuse_drop(struct store *store, gint64 before, unsigned limit, bool *more, GError **error);

void disuse_free(struct disuse *disuse);
