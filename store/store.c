#include "store/store.h"

#include <sys/stat.h>
#include <unistd.h>

#include "parser/address.h"
#include "store/ledger/list.h"
#include "store/ledger/state.h"
#include "store/sqlite/lock.h"
#include "store/sqlite/migrate.h"

/* A closed lock file is an unlocked one. It is not removed: another daemon may be about to lock it. */
static bool hold(struct store *store, GError **error)
{
    store->lock = lock_take(connection_path(store->connection), error);
    return store->lock >= 0;
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
                    "%s: write-ahead logging is not possible here (is it a network file system?)",
                    connection_path(connection));
    return used;
}

static bool file_inode(const char *path, guint64 *inode)
{
    struct stat status;
    bool there = stat(path, &status) == 0;

    *inode = there ? status.st_ino : 0;
    return there;
}

static bool set_up(struct store *store, GError **error)
{
    bool reads = store->mode == STORE_READ;

    store->connection =
        connection_open(store->path, reads ? CONNECTION_READ : CONNECTION_WRITE, store->busy_timeout, error);
    if (store->connection == NULL || (store->mode == STORE_DAEMON && !hold(store, error)))
        return false;
    g_free(store->path);
    store->path = g_strdup(connection_path(store->connection));
    file_inode(store->path, &store->inode);
    if (reads)
        return migrate_check(store->connection, error);
    /* The file is looked at before anything is changed in it: it may not be ours. */
    return migrate_recognise(store->connection, error) && use_write_ahead_log(store->connection, error) &&
           migrate(store->connection, error);
}

struct store *store_open(const struct store_settings *settings, GError **error)
{
    struct store *store = g_new0(struct store, 1);

    store->lock = -1;
    store->path = g_strdup(settings->path);
    store->mode = settings->mode;
    store->policies = settings->policies;
    store->busy_timeout = settings->busy_timeout;
    store->readers = g_ptr_array_new_with_free_func((GDestroyNotify)connection_free);
    store->recipient = g_string_new(NULL);
    store->found = g_string_chunk_new(256);
    if (set_up(store, error))
        return store;
    store_free(store);
    return NULL;
}

/* Closes all files. The lock is last, so that the next daemon finds a database that nobody uses. */
static void close_files(struct store *store)
{
    if (store->connection != NULL)
        connection_rollback(store->connection);
    g_ptr_array_set_size(store->readers, 0);
    g_clear_pointer(&store->connection, connection_free);
    if (store->lock >= 0)
        close(store->lock);
    store->lock = -1;
}

static bool fail_lost(const struct store *store, const char *what, GError **error)
{
    g_set_error(error, STORE_ERROR, STORE_ERROR_LOST, "%s: %s", store->path, what);
    return false;
}

bool store_reopen(struct store *store, GError **error)
{
    g_autofree char *log = g_strconcat(store->path, "-wal", NULL);
    guint64 inode;

    g_assert(store->cursors == 0 && !store->writing);
    close_files(store);
    /* An empty database in its place would be a list without anybody on it. */
    if (!file_inode(store->path, &inode))
        return fail_lost(store, "was removed while it was in use", error);
    if (inode != store->inode && access(log, F_OK) == 0)
        return fail_lost(store, "has taken another one's place, whose -wal file is still here", error);
    if (set_up(store, error))
        return true;
    close_files(store);
    return false;
}

void store_set_policies(struct store *store, const GPtrArray *policies)
{
    store->policies = policies;
}

void store_free(struct store *store)
{
    if (store == NULL)
        return;
    g_assert(store->cursors == 0);
    close_files(store);
    g_ptr_array_unref(store->readers);
    g_string_free(store->recipient, TRUE);
    g_string_chunk_free(store->found);
    g_free(store->day_text);
    g_free(store->path);
    g_free(store);
}

bool store_begin(struct store *store, GError **error)
{
    g_assert(!store->writing);
    if (store->connection == NULL || connection_moved(store->connection))
        return fail_lost(store, "was removed or replaced while it was in use", error);
    store->writing = connection_run(store->connection, SQL_BEGIN, error);
    return store->writing;
}

bool store_commit(struct store *store, GError **error)
{
    g_assert(store->writing);
    if (!connection_run(store->connection, SQL_COMMIT, error)) {
        store_rollback(store);
        return false;
    }
    store->writing = false;
    return true;
}

void store_rollback(struct store *store)
{
    connection_rollback(store->connection);
    store->writing = false;
}

/* Days are computed once, not for every event. */
const char *store_day(struct store *store, gint64 seconds)
{
    gint64 day = seconds / 86400;

    if (day != store->day || store->day_text == NULL) {
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(day * 86400);
        g_free(store->day_text);
        store->day_text = time == NULL ? g_strdup("") : g_date_time_format(time, "%Y-%m-%d");
        store->day = day;
    }
    return store->day_text;
}

bool store_address(const char *address, GString *out, GError **error)
{
    if (address_read(span_of(address), ADDRESS_ALONE, out))
        return true;
    g_set_error(error, STORE_ERROR, STORE_ERROR_ADDRESS, "\"%s\" is not a mail address", address);
    return false;
}

/* The common way of the changes that an operator makes. */
static bool open_change(struct store *store, const char *recipient, struct list_before *before, GError **error)
{
    if (!store_address(recipient, store->recipient, error) || !store_begin(store, error))
        return false;
    if (list_read(store->connection, store->recipient->str, before, error))
        return true;
    store_rollback(store);
    return false;
}

static bool close_change(struct store *store, bool good, GError **error)
{
    if (good)
        return store_commit(store, error);
    store_rollback(store);
    return false;
}

bool store_suppress(struct store *store, const struct store_order *order, GError **error)
{
    const struct list_cause cause = {.who = order->who, .note = order->note, .now = order->now};
    struct list_before before;

    if (!open_change(store, order->recipient, &before, error))
        return false;
    const struct suppression entry = {
        .recipient = store->recipient->str, .who = order->who, .note = order->note, .until = order->until};
    return close_change(store, list_put(store->connection, &entry, &before, &cause, error), error);
}

static bool forgive(struct store *store, GError **error)
{
    struct query query = query_new(store->connection, SQL_FORGIVE);

    query_text(&query, store->recipient->str);
    return query_run(&query, error);
}

bool store_unsuppress(struct store *store, const struct store_order *order, bool *removed, GError **error)
{
    const struct list_cause cause = {.who = order->who, .note = order->note, .now = order->now};
    struct list_before before;

    *removed = false;
    if (!open_change(store, order->recipient, &before, error))
        return false;
    if (!list_holds(&before, order->now)) {
        store_rollback(store);
        return true;
    }
    const struct suppression entry = {
        .recipient = store->recipient->str,
        .reason = before.reason,
        .verdict = before.verdict,
        .until = before.until,
    };
    bool good = list_remove(store->connection, &entry, &cause, error) && forgive(store, error);
    *removed = close_change(store, good, error);
    return *removed;
}

/* One statement of store_maintain(): what became of `time` or was before it, at most `limit` rows. */
static bool take_away(struct store *store, enum sql sql, gint64 time, unsigned limit, GError **error)
{
    struct query query = query_new(store->connection, sql);

    query_number(&query, time);
    query_number(&query, limit);
    return query_run(&query, error);
}

bool store_maintain(struct store *store, gint64 retention, gint64 now, unsigned limit, bool *more, GError **error)
{
    g_assert(limit > 0);
    *more = false;
    if (!store_begin(store, error))
        return false;
    bool good = take_away(store, SQL_LOG_EXPIRED, now, limit, error) && take_away(store, SQL_EXPIRE, now, limit, error);
    bool left = good && connection_changes(store->connection) == limit;

    if (good && retention > 0) {
        good = take_away(store, SQL_DROP_RAWS, now - retention, limit, error);
        left = left || (good && connection_changes(store->connection) == limit);
    }
    good = close_change(store, good, error);
    *more = good && left;
    return good;
}
