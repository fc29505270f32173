/* readable_store.h: a store that one thread reads beside the daemon's own: opened when it is needed, and again after it
 * failed, or another file took its place, which is seen a tenth of a second later. */
#pragma once

#include "store/store.h"

struct readable_store;

/* Questions wait no longer than a fifth of a second for a lock. */
struct readable_store *readable_store_new(const char *path);
void readable_store_free(struct readable_store *readable);

/* NULL if it cannot be opened now; without an error if that was tried less than a second ago. */
struct store *readable_store_get(struct readable_store *readable, GError **error);
/* The one that was opened last; NULL: none. */
struct store *readable_store_open(const struct readable_store *readable);
/* Reading failed by `error`: a database that is locked may be read in a moment; of any other trouble a new connection
 * is the cure. */
void readable_store_failed(struct readable_store *readable, const GError *error);
