/* database.h: the store that the config describes. */
#pragma once

#include "cmd/config/config.h"
#include "store/store.h"

/* Opens it. For writing, the directory of the default database is made when it is missing; that of a path that the
 * operator chose is not, since it may be a slip or a disk that is not mounted. */
struct store *database_open(const struct config *config, enum store_mode mode, GError **error);
