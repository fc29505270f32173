/* failure.h: what a failure of SQLite or of the system means to a caller of the store. Internal to store/sqlite/. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>

#include "store/error.h"

/* The meaning of errno for a file. */
enum store_error failure_of_system(int system_error);

/* Sets the error from the last failure of `database`, the file `path`. Gives false, for the caller to return. */
bool failure_set(sqlite3 *database, const char *path, const char *doing, GError **error);
