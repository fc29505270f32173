/* delivery.h: mail that went through, as others know it than reports: an operator, an application, a mail server's log.
 */
#pragma once

#include "store/store.h"

/* For each of the batch's addresses: what a success report about mail of `stream` (NULL: none), that is proven, would
 * do (POLICY_CLEARED). An address with nothing to clear and no entry leaves no trace: its `changed` is false. Of the
 * order `who`, `door` and `now` matter. One transaction; none may be open. */
bool store_deliver(struct store *store, const struct store_batch *batch, const char *stream, GError **error);
