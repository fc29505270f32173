/* database.h: the store that the config describes. */
#pragma once

#include "cmd/config/config.h"
#include "store/store.h"

/* Opens it. For writing, the directory of the system's database is made when it is missing, by root for the user
 * DATABASE_USER; that of another path is not, since it may be a slip or a disk that is not mounted. */
#define DATABASE_USER "bounced" /* as the unit starts the daemon */

struct store *database_open(const struct config *config, enum store_mode mode, GError **error);

/* Could it be opened for writing, as far as the rights of this process and its directory tell? Nothing is made. */
bool database_check(const struct config *config, GError **error);
