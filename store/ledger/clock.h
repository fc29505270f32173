/* clock.h: a clock that was wrong and was set back leaves rows from a time that is still to come, which would stay
 * until that comes and longer. They are taken as of now. Internal to store/. */
#pragma once

#include "store/ledger/state.h"

/* In the transaction that is open, `limit` rows of each kind at most; `*more` when some are left. */
bool clock_repair(struct store *store, gint64 now, unsigned limit, bool *more, GError **error);
