/* migrate.h: brings a database file to the present schema. The steps are the embedded SQL files (CMake's list of
 * store/schema*.sql): step n makes version n out of version n - 1 and ends with `PRAGMA user_version = n`. Each is one
 * transaction. Internal to store/. */
#pragma once

#include <stdbool.h>

#include "store/sqlite/connection.h"

/* Refuses a file that a newer bounced made (STORE_ERROR_VERSION), and one of another program. */
bool migrate_recognise(struct connection *connection, GError **error);

/* Takes the steps that a recognised file has not had. */
bool migrate(struct connection *connection, GError **error);

/* For who may not write: is the file of the present version? */
bool migrate_check(struct connection *connection, GError **error);
