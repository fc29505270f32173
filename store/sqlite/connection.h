/* connection.h: one connection to the database file, with its prepared statements, and queries on it. Every error names
 * the file and what was being done. Internal to store/. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/sqlite/sql.h"
#include "store/store.h"

struct connection;

enum connection_mode {
    CONNECTION_READ,
    CONNECTION_WRITE, /* makes the file when it is missing, for its owner to write and its group to read */
};

/* `busy_timeout` in milliseconds. */
struct connection *connection_open(const char *path, enum connection_mode mode, unsigned busy_timeout, GError **error);
void connection_free(struct connection *connection);

/* What errno says of a file. */
enum store_error connection_system_error(int system_error);

/* The absolute path, links resolved. */
const char *connection_path(const struct connection *connection);
/* True when another file has its name now, or none has. */
bool connection_moved(const struct connection *connection);
/* How many rows the last statement changed, and the id of the row that it made. */
gint64 connection_changes(const struct connection *connection);
gint64 connection_made(const struct connection *connection);

/* Runs a text of several statements, as the schema is. */
bool connection_run_script(struct connection *connection, const char *doing, const char *script, GError **error);

/* Runs one statement without parameters; a row that it gives is not looked at. */
bool connection_run(struct connection *connection, enum sql sql, GError **error);
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
void query_name(struct query *query, const char *name); /* as text, but "" is SQL's NULL */
void query_number(struct query *query, gint64 number);
void query_optional(struct query *query, gint64 number); /* 0 is SQL's NULL */
void query_blob(struct query *query, const void *bytes, gsize length);

/* The next row; `*row` is false at the end. A query that ended or failed needs no query_end(). */
bool query_step(struct query *query, bool *row, GError **error);
/* Runs a query that gives no rows. */
bool query_run(struct query *query, GError **error);
/* Ends a query whose rows were not all read. */
void query_end(struct query *query);

/* Columns of the present row, from 0; strings and bytes live until the next step. */
const char *query_text_at(const struct query *query, int column);
gint64 query_number_at(const struct query *query, int column);
const void *query_blob_at(const struct query *query, int column, gsize *length);
