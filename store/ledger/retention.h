/* retention.h: takes what is old out of the database, some rows at a time. Internal to store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/stored.h"

/* Goes on where it was, in the transaction that is open, for each kind of row `limit` rows further at most; `*more`
 * when it has not come to the end of all, else it begins again the next time. */
bool retention_run(struct store *store, const struct store_keeping *keeping, gint64 now, unsigned limit, bool *more,
                   GError **error);

/* Gives some of the space that is free back to the file system. After a commit. */
bool retention_vacuum(struct store *store, bool *more, GError **error);
