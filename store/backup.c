#include "store/backup.h"

#include <glib/gstdio.h>
#include <string.h>

#include "store/sqlite/connection.h"
#include "store/sqlite/copy.h"
#include "store/sqlite/file.h"
#include "store/sqlite/lock.h"

struct backup {
    struct copy *copy;
    char *file;
    char *unfinished; /* what it is called until it is whole */
};

/* A database, and the files that SQLite and the daemon keep beside it. */
static const char *const suffixes[] = {"", "-journal", "-wal", "-shm", ".lock"};

/* A file that an end without a whole copy left behind. */
static void drop(const char *path)
{
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *name = g_strconcat(path, suffixes[i], NULL);
        g_remove(name);
    }
}

/* Is `file` the database `path`, or one of those beside it? */
static bool is_of_database(const char *file, const char *path)
{
    guint64 inode, other;

    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *name = g_strconcat(path, suffixes[i], NULL);
        if (strcmp(name, file) == 0 || (file_inode(file, &inode) && file_inode(name, &other) && inode == other))
            return true;
    }
    return false;
}

struct backup *backup_new(const char *path, const char *file, GError **error)
{
    struct backup *backup = g_new0(struct backup, 1);

    backup->file = g_canonicalize_filename(file, NULL);
    backup->unfinished = g_strconcat(backup->file, ".part", NULL);
    g_autofree char *source = g_canonicalize_filename(path, NULL);
    if (is_of_database(backup->file, source) || is_of_database(backup->unfinished, source)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_MADE, "%s: is of the database that it would be a backup of",
                    backup->file);
        g_clear_pointer(&backup->unfinished, g_free);
        backup_free(backup);
        return NULL;
    }
    drop(backup->unfinished);
    backup->copy = copy_new(path, backup->unfinished, error);
    if (backup->copy != NULL)
        return backup;
    backup_free(backup);
    return NULL;
}

void backup_free(struct backup *backup)
{
    if (backup == NULL)
        return;
    copy_free(backup->copy);
    if (backup->unfinished != NULL)
        drop(backup->unfinished);
    g_free(backup->unfinished);
    g_free(backup->file);
    g_free(backup);
}

enum backup_state backup_step(struct backup *backup, double *part, GError **error)
{
    switch (copy_step(backup->copy, part, error)) {
    case COPY_MORE:
        return BACKUP_MORE;
    case COPY_FAILED:
        return BACKUP_FAILED;
    case COPY_WHOLE:
        break;
    }
    return file_put(backup->unfinished, backup->file, error) ? BACKUP_DONE : BACKUP_FAILED;
}

/* --- the way back ------------------------------------------------------------------------------------------------- */

static bool copy_all(const char *from, const char *to, GError **error)
{
    struct copy *copy = copy_new(from, to, error);
    enum copy_state state = copy != NULL ? COPY_MORE : COPY_FAILED;
    double part;

    while (state == COPY_MORE)
        state = copy_step(copy, &part, error);
    copy_free(copy);
    return state == COPY_WHOLE;
}

/* A connection that writes migrates; when the last one ends, no write-ahead log is left. */
static bool open_once(const char *path, GError **error)
{
    struct connection *connection = connection_open(path, CONNECTION_WRITE, 0, error);

    connection_free(connection);
    return connection != NULL;
}

/* The same of a backup that is to be used: positions behind it are of what is no more, and those before it, too, as
 * what follows them is another thing (position.h). */
static bool open_fresh(const char *path, GError **error)
{
    struct connection *connection = connection_open(path, CONNECTION_WRITE, 0, error);
    bool good = connection != NULL && connection_run(connection, SQL_NEW_TIMELINE, error);

    connection_free(connection);
    return good;
}

/* The database that is there may be damaged, which is why another one comes. Its write-ahead log must not be found by
 * that; so what is in it goes into the file, and where that cannot be, the log goes with the file. */
static bool put_in_place(const char *path, const char *fresh, char **kept, GError **error)
{
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    g_autofree char *index = g_strconcat(path, "-shm", NULL);
    guint64 inode;

    if (file_inode(path, &inode)) {
        g_autofree char *before = g_strconcat(path, ".before", NULL);
        g_autofree char *log_before = g_strconcat(before, "-wal", NULL);

        drop(before);
        open_once(path, NULL);
        if (!file_keep(path, before, error) ||
            (g_file_test(log, G_FILE_TEST_EXISTS) && !file_put(log, log_before, error)))
            return false;
        *kept = g_steal_pointer(&before);
    }
    g_remove(index);
    return file_put(fresh, path, error);
}

bool backup_restore(const char *file, const char *path, char **kept, GError **error)
{
    g_autofree char *place = g_canonicalize_filename(path, NULL);
    g_autofree char *fresh = g_strconcat(place, ".restored", NULL);
    g_autofree char *source = g_canonicalize_filename(file, NULL);

    *kept = NULL;
    if (is_of_database(source, fresh)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_MADE, "%s: has the name of what is written here first", source);
        return false;
    }
    int lock = lock_take(place, error);
    if (lock < 0)
        return false;
    drop(fresh);
    bool good = copy_all(file, fresh, error) && open_fresh(fresh, error) && put_in_place(place, fresh, kept, error);
    drop(fresh);
    lock_release(lock);
    return good;
}
