#include "store/sqlite/connection.h"

#include <sqlite3.h>
#include <string.h>

#include "store/error.h"
#include "store/sqlite/failure.h"
#include "store/sqlite/file.h"
#include "store/sqlite/lock.h"
#include "store/sqlite/migrate.h"
#include "store/sqlite/patience.h"
#include "store/sqlite/search.h"

enum { IDLE_READERS = 4 }; /* that are kept open for the next one who reads */

struct connection {
    sqlite3 *database; /* NULL: connection_reopen() has failed */
    char *path;        /* links are resolved once it is open */
    enum connection_mode mode;
    unsigned busy_timeout;
    struct patience patience;            /* of one that reads */
    guint64 inode;                       /* of the file that was opened last; 0: none */
    int lock;                            /* see lock.h; -1: none */
    GPtrArray *readers;                  /* of struct connection *, idle */
    sqlite3_stmt *statements[SQL_TEXTS]; /* prepared at their first use */
};

/* --- opening and closing ------------------------------------------------------------------------------------------ */

static bool run_all(struct connection *connection, const enum sql *list, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++) {
        if (!connection_run(connection, list[i], error))
            return false;
    }
    return true;
}

static bool open_file(struct connection *connection, GError **error)
{
    static const enum sql for_all[] = {SQL_FOREIGN_KEYS, SQL_RECURSIVE_TRIGGERS, SQL_SYNCHRONOUS};
    static const enum sql for_writers[] = {SQL_CACHE_SIZE, SQL_CHECKPOINT_PAGES, SQL_JOURNAL_SIZE};
    bool reads = connection->mode == CONNECTION_READ;
    int flags = SQLITE_OPEN_NOMUTEX | (reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);

    if (!reads && !file_make(connection->path, error))
        return false;
    if (sqlite3_open_v2(connection->path, &connection->database, flags, reads ? patience_vfs() : NULL) != SQLITE_OK)
        return failure_set(connection->database, connection->path, "open the database", error);
    g_free(connection->path);
    connection->path = g_strdup(sqlite3_db_filename(connection->database, "main"));
    if (reads)
        patience_set(connection->database, &connection->patience, connection->busy_timeout);
    else
        sqlite3_busy_timeout(connection->database, (int)MIN(connection->busy_timeout, G_MAXINT));
    return run_all(connection, for_all, G_N_ELEMENTS(for_all), error) &&
           (reads || run_all(connection, for_writers, G_N_ELEMENTS(for_writers), error));
}

static bool use_write_ahead_log(struct connection *connection, GError **error)
{
    struct query query = query_new(connection, SQL_JOURNAL_MODE);
    bool row;

    if (!query_step(&query, &row, error))
        return false;
    bool used = row && g_strcmp0(query_text_at(&query, 0), "wal") == 0;
    query_end(&query);
    if (!used)
        g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
                    "%s: write-ahead logging is not possible here (is it a network file system?)", connection->path);
    return used;
}

static bool set_up(struct connection *connection, GError **error)
{
    if (!open_file(connection, error))
        return false;
    if (connection->mode == CONNECTION_HOLD) {
        connection->lock = lock_take(connection->path, error);
        if (connection->lock < 0)
            return false;
    }
    file_inode(connection->path, &connection->inode);
    if (connection->mode == CONNECTION_READ)
        return migrate_check(connection->database, error);
    /* The file is looked at before anything is changed in it: it may not be ours. Auto-vacuum is for a file that is
     * made now; it changes none that has tables. */
    return migrate_recognise(connection->database, error) && connection_run(connection, SQL_AUTO_VACUUM, error) &&
           use_write_ahead_log(connection, error) && migrate(connection->database, error);
}

/* The lock is last, so that the next daemon finds a database that nobody uses. */
static void close_files(struct connection *connection)
{
    if (connection->database != NULL)
        connection_rollback(connection);
    g_ptr_array_set_size(connection->readers, 0);
    for (enum sql sql = 0; sql < SQL_TEXTS; sql++)
        g_clear_pointer(&connection->statements[sql], sqlite3_finalize);
    /* Cannot be busy: every statement is finalized. */
    g_clear_pointer(&connection->database, sqlite3_close);
    lock_release(connection->lock);
    connection->lock = -1;
}

/* Of a database that is not open yet. */
static struct connection *new_connection(const char *path, enum connection_mode mode, unsigned busy_timeout)
{
    struct connection *connection = g_new0(struct connection, 1);

    /* An absolute path is never one of SQLite's special names. */
    connection->path = g_canonicalize_filename(path, NULL);
    connection->mode = mode;
    connection->busy_timeout = busy_timeout;
    connection->lock = -1;
    connection->readers = g_ptr_array_new_with_free_func((GDestroyNotify)connection_free);
    return connection;
}

struct connection *connection_open(const char *path, enum connection_mode mode, unsigned busy_timeout, GError **error)
{
    struct connection *connection = new_connection(path, mode, busy_timeout);

    if (set_up(connection, error))
        return connection;
    connection_free(connection);
    return NULL;
}

bool connection_reopen(struct connection *connection, GError **error)
{
    close_files(connection);
    if (!file_check_return(connection->path, connection->inode, error))
        return false;
    if (set_up(connection, error))
        return true;
    close_files(connection);
    return false;
}

void connection_free(struct connection *connection)
{
    if (connection == NULL)
        return;
    close_files(connection);
    g_ptr_array_unref(connection->readers);
    g_free(connection->path);
    g_free(connection);
}

bool connection_holder(const char *path, pid_t *holder, GError **error)
{
    return lock_holder(path, holder, error);
}

struct connection *connection_reader(struct connection *connection, GError **error)
{
    if (connection->readers->len > 0)
        return g_ptr_array_steal_index_fast(connection->readers, connection->readers->len - 1);
    struct connection *reader = new_connection(connection->path, CONNECTION_READ, connection->busy_timeout);
    if (open_file(reader, error))
        return reader;
    connection_free(reader);
    return NULL;
}

void connection_give_back(struct connection *connection, struct connection *reader)
{
    if (connection->readers->len < IDLE_READERS)
        g_ptr_array_add(connection->readers, reader);
    else
        connection_free(reader);
}

bool connection_search(struct connection *connection, const struct search *search, GError **error)
{
    return search_define(connection->database, search, error);
}

bool connection_check_schema(const struct connection *connection, GPtrArray *faults, GError **error)
{
    return migrate_compare(connection->database, faults, error);
}

const char *connection_path(const struct connection *connection)
{
    return connection->path;
}

bool connection_moved(const struct connection *connection)
{
    int moved = 0;

    if (connection->database == NULL)
        return true;
    return sqlite3_file_control(connection->database, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
           moved != 0;
}

/* --- statements --------------------------------------------------------------------------------------------------- */

bool connection_room(struct connection *connection, gint64 *used, gint64 *left, GError **error)
{
    gint64 size, pages, spare;
    guint64 octets;

    if (!connection_number(connection, SQL_PAGE_SIZE, &size, error) ||
        !connection_number(connection, SQL_PAGES, &pages, error) ||
        !connection_number(connection, SQL_FREE_PAGES, &spare, error) || !file_space(connection->path, &octets, error))
        return false;
    *used = (pages - spare) * size;
    *left = (gint64)MIN(octets, (guint64)G_MAXINT64);
    return true;
}

/* Twice what a writer takes back at a commit: the log gets so long only if that could not be done. */
enum { LOG_LONG = 32 << 20 };

bool connection_settled(struct connection *connection, bool *settled, GError **error)
{
    g_autofree char *log = g_strconcat(connection->path, "-wal", NULL);
    guint64 size = file_size(log);
    bool row;

    *settled = size <= LOG_LONG;
    if (*settled)
        return true;
    /* busy, the frames in the log, those that are in the database now: all of them, and the log is used anew */
    struct query query = query_new(connection, SQL_CHECKPOINT);
    if (!query_step(&query, &row, error))
        return false;
    *settled = row && query_number_at(&query, 1) == query_number_at(&query, 2);
    query_end(&query);
    return true;
}

bool connection_mark(const struct connection *connection, struct commit_mark *mark)
{
    return connection->database != NULL && commit_mark_read(connection->database, mark);
}

gint64 connection_changes(const struct connection *connection)
{
    return sqlite3_changes64(connection->database);
}

gint64 connection_made(const struct connection *connection)
{
    return sqlite3_last_insert_rowid(connection->database);
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

bool connection_number(struct connection *connection, enum sql sql, gint64 *number, GError **error)
{
    struct query query = query_new(connection, sql);
    bool row;

    if (!query_step(&query, &row, error))
        return false;
    *number = query_number_at(&query, 0);
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
        query.code = sqlite3_prepare_v3(connection->database, sql_of_sqlite(sql), -1, SQLITE_PREPARE_PERSISTENT,
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

void query_text_within(struct query *query, const char *text, size_t most)
{
    size_t length = text == NULL ? 0 : strnlen(text, most + 1);

    if (length > most) {
        length = most;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
            length--;
    }
    if (query->code == SQLITE_OK)
        note(query, sqlite3_bind_text(query->statement, ++query->parameter, text, (int)length, SQLITE_STATIC));
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

void query_blob(struct query *query, const void *bytes, size_t length)
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
    failure_set(query->connection->database, query->connection->path, sql_texts[query->sql].doing, error);
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
    /* Its result is the failure of the last step, which was reported then. */
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

const void *query_blob_at(const struct query *query, int column, size_t *length)
{
    const void *bytes = sqlite3_column_blob(query->statement, column);

    *length = (size_t)sqlite3_column_bytes(query->statement, column);
    return bytes;
}
