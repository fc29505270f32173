/* migrate.h: brings a database file to the present schema, and says where it has another. The steps are the embedded
 * SQL files (CMake's list of store/sqlite/schema*.sql): step n makes version n out of version n - 1 and ends with
 * `PRAGMA user_version = n`. Each is one transaction. Internal to store/sqlite/. */
#pragma once

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

/* Refuses a file that a newer bounced made (STORE_ERROR_VERSION), and one of another program. */
bool migrate_recognise(sqlite3 *database, GError **error);

/* The same of a file that must hold something: an empty one is nobody's backup (STORE_ERROR_CORRUPT). */
bool migrate_recognise_full(sqlite3 *database, GError **error);

/* Takes the steps that a recognised file has not had. */
bool migrate(sqlite3 *database, GError **error);

/* For a connection that may not write: is the file of the present version? */
bool migrate_check(sqlite3 *database, GError **error);

/* Appends to `faults` (of char *) each table, index and trigger that is missing, not as a new database has it, or one
 * more. How a statement is laid out does not matter. */
bool migrate_compare(sqlite3 *database, GPtrArray *faults, GError **error);
