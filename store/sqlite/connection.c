#include "store/sqlite/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "store/store.h"

struct connection {
    sqlite3 *database;
    char *path;
    sqlite3_stmt *statements[SQL_TEXTS]; /* prepared at their first use */
};

G_DEFINE_QUARK(store - error - quark, store_error)

/* What SQLite's result codes mean to a caller; the others are STORE_ERROR_FAILED. */
static const struct {
    int code;
    enum store_error error;
} meanings[] = {
    {SQLITE_BUSY, STORE_ERROR_BUSY},       {SQLITE_LOCKED, STORE_ERROR_BUSY},
    {SQLITE_FULL, STORE_ERROR_FULL},       {SQLITE_READONLY, STORE_ERROR_READ_ONLY},
    {SQLITE_CORRUPT, STORE_ERROR_CORRUPT}, {SQLITE_NOTADB, STORE_ERROR_CORRUPT},
};

enum store_error connection_system_error(int system_error)
{
    if (system_error == ENOSPC || system_error == EDQUOT)
        return STORE_ERROR_FULL;
    return system_error == EROFS ? STORE_ERROR_READ_ONLY : STORE_ERROR_FAILED;
}

static enum store_error meaning(int code, int system_error)
{
    int primary = code & 0xff;

    /* The shared-memory index and the journal say "I/O error" or "cannot open" where they mean a full disk. */
    if (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN)
        return connection_system_error(system_error);
    for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
        if (meanings[i].code == primary)
            return meanings[i].error;
    }
    return STORE_ERROR_FAILED;
}

/* Sets the error from the connection's last failure. Gives false, for the caller to return. */
static bool fail(const struct connection *connection, const char *doing, GError **error)
{
    int code = sqlite3_extended_errcode(connection->database);
    int system_error = sqlite3_system_errno(connection->database);
    bool by_system = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;

    g_set_error(error, STORE_ERROR, meaning(code, system_error), "%s: cannot %s: %s%s%s", connection->path, doing,
                sqlite3_errmsg(connection->database), by_system && system_error != 0 ? ": " : "",
                by_system && system_error != 0 ? g_strerror(system_error) : "");
    return false;
}

/* SQLite would make the file readable for all; and it must not be opened here when it exists, since closing it would
 * drop the POSIX locks that another connection of this process has on it. */
static bool make_file(const char *path, GError **error)
{
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0640);
    int failure = errno;

    if (fd >= 0) {
        close(fd);
    } else if (failure != EEXIST) {
        g_set_error(error, STORE_ERROR, (int)connection_system_error(failure), "%s: cannot make the database: %s", path,
                    g_strerror(failure));
        return false;
    }
    return true;
}

static bool set_up(struct connection *connection, enum connection_mode mode, unsigned busy_timeout, GError **error)
{
    static const int flags[] = {
        [CONNECTION_READ] = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
        [CONNECTION_WRITE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
    };

    if (mode == CONNECTION_WRITE && !make_file(connection->path, error))
        return false;
    if (sqlite3_open_v2(connection->path, &connection->database, flags[mode], NULL) != SQLITE_OK)
        return fail(connection, "open the database", error);
    g_free(connection->path);
    connection->path = g_strdup(sqlite3_db_filename(connection->database, "main"));
    sqlite3_busy_timeout(connection->database, (int)MIN(busy_timeout, G_MAXINT));
    if (!connection_run(connection, SQL_FOREIGN_KEYS, error) ||
        !connection_run(connection, SQL_RECURSIVE_TRIGGERS, error) ||
        !connection_run(connection, SQL_SYNCHRONOUS, error))
        return false;
    return mode == CONNECTION_READ || (connection_run(connection, SQL_CACHE_SIZE, error) &&
                                       connection_run(connection, SQL_CHECKPOINT_PAGES, error) &&
                                       connection_run(connection, SQL_JOURNAL_SIZE, error));
}

struct connection *connection_open(const char *path, enum connection_mode mode, unsigned busy_timeout, GError **error)
{
    struct connection *connection = g_new0(struct connection, 1);

    /* An absolute path is never one of SQLite's special names. */
    connection->path = g_canonicalize_filename(path, NULL);
    if (set_up(connection, mode, busy_timeout, error))
        return connection;
    connection_free(connection);
    return NULL;
}

void connection_free(struct connection *connection)
{
    if (connection == NULL)
        return;
    for (enum sql sql = 0; sql < SQL_TEXTS; sql++)
        sqlite3_finalize(connection->statements[sql]);
    /* Cannot be busy: every statement is finalized. */
    sqlite3_close(connection->database);
    g_free(connection->path);
    g_free(connection);
}

const char *connection_path(const struct connection *connection)
{
    return connection->path;
}

bool connection_moved(const struct connection *connection)
{
    int moved = 0;

    return sqlite3_file_control(connection->database, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
           moved != 0;
}

gint64 connection_changes(const struct connection *connection)
{
    return sqlite3_changes64(connection->database);
}

gint64 connection_made(const struct connection *connection)
{
    return sqlite3_last_insert_rowid(connection->database);
}

bool connection_run_script(struct connection *connection, const char *doing, const char *script, GError **error)
{
    return sqlite3_exec(connection->database, script, NULL, NULL, NULL) == SQLITE_OK || fail(connection, doing, error);
}

bool connection_run(struct connection *connection, enum sql sql, GError **error)
{
    struct query query = query_new(connection, sql);
    bool row;

    if (!query_step(&query, &row, error))
        return false;
    query_end(&query);
    return true;
}

void connection_rollback(struct connection *connection)
{
    /* After a full disk SQLite may have rolled back by itself. */
    if (!sqlite3_get_autocommit(connection->database))
        connection_run(connection, SQL_ROLLBACK, NULL);
}

struct query query_new(struct connection *connection, enum sql sql)
{
    struct query query = {connection, sql, connection->statements[sql], 0, SQLITE_OK};

    if (query.statement == NULL) {
        query.code = sqlite3_prepare_v3(connection->database, sql_texts[sql].text, -1, SQLITE_PREPARE_PERSISTENT,
                                        &connection->statements[sql], NULL);
        query.statement = connection->statements[sql];
    }
    return query;
}

/* The first failure stays, for query_step() to report. */
static void note(struct query *query, int code)
{
    if (query->code == SQLITE_OK)
        query->code = code;
}

void query_text(struct query *query, const char *text)
{
    if (query->code == SQLITE_OK)
        note(query, sqlite3_bind_text(query->statement, ++query->parameter, text, -1, SQLITE_STATIC));
}

void query_name(struct query *query, const char *name)
{
    query_text(query, *name == '\0' ? NULL : name);
}

void query_number(struct query *query, gint64 number)
{
    if (query->code == SQLITE_OK)
        note(query, sqlite3_bind_int64(query->statement, ++query->parameter, number));
}

void query_optional(struct query *query, gint64 number)
{
    if (number == 0)
        query_text(query, NULL);
    else
        query_number(query, number);
}

void query_blob(struct query *query, const void *bytes, gsize length)
{
    if (query->code == SQLITE_OK)
        note(query, sqlite3_bind_blob64(query->statement, ++query->parameter, bytes, length, SQLITE_STATIC));
}

bool query_step(struct query *query, bool *row, GError **error)
{
    *row = false;
    if (query->code == SQLITE_OK || query->code == SQLITE_ROW)
        query->code = sqlite3_step(query->statement);
    *row = query->code == SQLITE_ROW;
    if (*row)
        return true;
    if (query->code == SQLITE_DONE) {
        sqlite3_reset(query->statement);
        return true;
    }
    fail(query->connection, sql_texts[query->sql].doing, error);
    sqlite3_reset(query->statement);
    return false;
}

bool query_run(struct query *query, GError **error)
{
    bool row;

    if (!query_step(query, &row, error))
        return false;
    g_assert(!row);
    return true;
}

void query_end(struct query *query)
{
    /* What it gives is the failure of the last step, which was reported then. */
    sqlite3_reset(query->statement);
}

const char *query_text_at(const struct query *query, int column)
{
    return (const char *)sqlite3_column_text(query->statement, column);
}

gint64 query_number_at(const struct query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

const void *query_blob_at(const struct query *query, int column, gsize *length)
{
    const void *bytes = sqlite3_column_blob(query->statement, column);

    *length = (gsize)sqlite3_column_bytes(query->statement, column);
    return bytes;
}
