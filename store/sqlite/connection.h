/* connection.h: the back end of the store: one connection to the database, with its prepared statements, and queries on
 * it. All that is of one database system alone is behind it, here SQLite's files, locks and schema. Every error names
 * the database and what was being done. Internal to store/. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#include "store/sqlite/commit_mark.h"
#include "store/sqlite/sql.h"

struct connection;
struct search;

enum connection_mode {
    CONNECTION_READ,  /* the database must exist, and have the present schema */
    CONNECTION_WRITE, /* the database is made, or brought to the present schema */
    CONNECTION_HOLD,  /* as CONNECTION_WRITE, and no other holds it (STORE_ERROR_HELD) */
};

/* `busy_timeout` in milliseconds. */
struct connection *connection_open(const char *path, enum connection_mode mode, unsigned busy_timeout, GError **error);
/* Opens it again, see store_reopen(). While that fails it is closed, which connection_moved() tells, and good for
 * nothing but another try and connection_free(). */
bool connection_reopen(struct connection *connection, GError **error);
void connection_free(struct connection *connection);
/* The process that holds the database with CONNECTION_HOLD; 0 if none does. */
bool connection_holder(const char *path, pid_t *holder, GError **error);

/* Another connection to the same database, to read by a snapshot of its own. It is given back before the one that it
 * comes from is reopened or freed. */
struct connection *connection_reader(struct connection *connection, GError **error);
void connection_give_back(struct connection *connection, struct connection *reader);

/* Appends to `faults` (of char *) where its schema is not that of a new database. */
bool connection_check_schema(const struct connection *connection, GPtrArray *faults, GError **error);

/* For the SQL texts that search (search.h); borrowed. NULL: none of them runs. */
bool connection_search(struct connection *connection, const struct search *search, GError **error);

/* The absolute path, links resolved. */
const char *connection_path(const struct connection *connection);
/* True when another file has its name now, or none has. */
bool connection_moved(const struct connection *connection);
/* The octets that it takes, without what is free in the file, and that its file system has left for us. */
bool connection_room(struct connection *connection, gint64 *used, gint64 *left, GError **error);
/* Is the write-ahead log short, or read back to its end? If not, a reader keeps it from being used anew. */
bool connection_settled(struct connection *connection, bool *settled, GError **error);
/* Did anybody commit? See commit_mark.h; false if that is not to be told now. It must have been read from. */
bool connection_mark(const struct connection *connection, struct commit_mark *mark);
/* How many rows the last statement changed, and the id of the row that it made. */
gint64 connection_changes(const struct connection *connection);
gint64 connection_made(const struct connection *connection);

/* Runs one statement without parameters; a row that it gives is not looked at. */
bool connection_run(struct connection *connection, enum sql sql, GError **error);
/* The number in the one row that a statement without parameters gives. */
bool connection_number(struct connection *connection, enum sql sql, gint64 *number, GError **error);
/* Ends a transaction without keeping it; fine when there is none. It cannot fail in a way that keeps anything. */
void connection_rollback(struct connection *connection);

/* One run of a statement: its parameters are bound in their order, then it is stepped. It borrows what is bound until
 * it is at its end. One query of a statement at a time. */
struct query {
    struct connection *connection;
    enum sql sql;
    void *statement;
    int parameter;
    int code;
};

struct query query_new(struct connection *connection, enum sql sql);
void query_text(struct query *query, const char *text); /* NULL is SQL's NULL */
/* No more of it than `most` octets, of whole characters (UTF-8). */
void query_text_within(struct query *query, const char *text, size_t most);
void query_name(struct query *query, const char *name); /* as text, but "" is SQL's NULL */
void query_number(struct query *query, gint64 number);
void query_optional(struct query *query, gint64 number);                /* 0 is SQL's NULL */
void query_blob(struct query *query, const void *bytes, size_t length); /* NULL is SQL's NULL */

/* The next row; `*row` is false at the end. A query that ended or failed needs no query_end(). */
bool query_step(struct query *query, bool *row, GError **error);
/* Runs a query that gives no rows. */
bool query_run(struct query *query, GError **error);
/* Ends a query whose rows were not all read. */
void query_end(struct query *query);

/* Columns of the present row, from 0; strings and bytes live until the next step. */
const char *query_text_at(const struct query *query, int column);
gint64 query_number_at(const struct query *query, int column);
const void *query_blob_at(const struct query *query, int column, size_t *length);
