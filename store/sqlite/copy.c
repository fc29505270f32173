#include "store/sqlite/copy.h"

#include <errno.h>
#include <sqlite3.h>
#include <unistd.h>

#include "store/sqlite/failure.h"
#include "store/sqlite/file.h"
#include "store/sqlite/migrate.h"
#include "store/sqlite/sql.h"

enum { PAGES_AT_ONCE = 1000, BUSY_TIMEOUT = 5000 /* milliseconds */ };

struct copy {
    char *from_path;
    char *to_path;
    sqlite3 *from; /* in a transaction, so that it stays as it is */
    sqlite3 *to;
    sqlite3_backup *backup; /* NULL: all pages are there */
};

static bool run(sqlite3 *database, const char *path, enum sql sql, GError **error)
{
    return sqlite3_exec(database, sql_of_sqlite(sql), NULL, NULL, NULL) == SQLITE_OK ||
           failure_set(database, path, sql_texts[sql].doing, error);
}

/* A read is what a transaction begins with. */
static bool open_from(struct copy *copy, GError **error)
{
    if (sqlite3_open_v2(copy->from_path, &copy->from, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        return failure_set(copy->from, copy->from_path, "open the database", error);
    sqlite3_busy_timeout(copy->from, BUSY_TIMEOUT);
    return run(copy->from, copy->from_path, SQL_BEGIN_READING, error) && migrate_recognise_full(copy->from, error);
}

static bool open_to(struct copy *copy, GError **error)
{
    int fd = file_create(copy->to_path);

    if (fd < 0) {
        int failure = errno;
        g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_MADE, "%s: cannot make the file: %s", copy->to_path,
                    g_strerror(failure));
        return false;
    }
    close(fd);
    if (sqlite3_open_v2(copy->to_path, &copy->to, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return failure_set(copy->to, copy->to_path, "open the copy", error);
    copy->backup = sqlite3_backup_init(copy->to, "main", copy->from, "main");
    return copy->backup != NULL || failure_set(copy->to, copy->to_path, "begin the copy", error);
}

struct copy *copy_new(const char *from, const char *to, GError **error)
{
    struct copy *copy = g_new0(struct copy, 1);

    copy->from_path = g_canonicalize_filename(from, NULL); /* an absolute path is never one of SQLite's special names */
    copy->to_path = g_canonicalize_filename(to, NULL);
    if (open_from(copy, error) && open_to(copy, error))
        return copy;
    copy_free(copy);
    return NULL;
}

void copy_free(struct copy *copy)
{
    if (copy == NULL)
        return;
    /* Its result is the failure of the last step, which was reported then. */
    sqlite3_backup_finish(copy->backup);
    sqlite3_close(copy->to);
    sqlite3_close(copy->from);
    g_free(copy->from_path);
    g_free(copy->to_path);
    g_free(copy);
}

static bool read_again(struct copy *copy, GError **error)
{
    sqlite3_stmt *statement = NULL;
    bool row = sqlite3_prepare_v2(copy->to, sql_of_sqlite(SQL_INTEGRITY), -1, &statement, NULL) == SQLITE_OK &&
               sqlite3_step(statement) == SQLITE_ROW;
    const char *said = row ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    bool good = g_strcmp0(said, "ok") == 0;

    if (!row)
        failure_set(copy->to, copy->to_path, sql_texts[SQL_INTEGRITY].doing, error);
    else if (!good)
        g_set_error(error, STORE_ERROR, STORE_ERROR_CORRUPT, "%s: the copy is damaged, as %s may be: %s", copy->to_path,
                    copy->from_path, said);
    sqlite3_finalize(statement);
    return good;
}

/* Without a write-ahead log of its own it is one file, which opens from a read-only medium, too. */
static enum copy_state finish(struct copy *copy, GError **error)
{
    sqlite3_backup_finish(g_steal_pointer(&copy->backup));
    return run(copy->to, copy->to_path, SQL_ONE_FILE, error) && read_again(copy, error) ? COPY_WHOLE : COPY_FAILED;
}

enum copy_state copy_step(struct copy *copy, double *part, GError **error)
{
    int code = sqlite3_backup_step(copy->backup, PAGES_AT_ONCE);
    int pages = sqlite3_backup_pagecount(copy->backup);

    *part = pages > 0 ? 1 - (double)sqlite3_backup_remaining(copy->backup) / pages : 0;
    if (code == SQLITE_DONE)
        return finish(copy, error);
    if (code == SQLITE_OK)
        return COPY_MORE;
    /* Only its end leaves the failure with the connection. */
    sqlite3_backup_finish(g_steal_pointer(&copy->backup));
    failure_set(copy->to, copy->to_path, "copy the database", error);
    return COPY_FAILED;
}
