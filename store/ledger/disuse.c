#include "store/ledger/disuse.h"

#include <string.h>

/* No index leads from a cause to those that have it, for that would take more room than all causes: the log and the
 * list are read, some rows at a time. An entry or a change that gets a cause meanwhile is in the log behind what was
 * read. */
struct disuse {
    gint64 newest;    /* of the causes that there were at the beginning */
    guint8 *used;     /* a bit for each of them */
    gint64 change;    /* the last one that was read */
    GString *subject; /* the key of the last entry */
    GString *scope;
    bool read;    /* all entries are */
    gint64 cause; /* the last one that was looked at */
};

void disuse_free(struct disuse *disuse)
{
    if (disuse == NULL)
        return;
    g_free(disuse->used);
    g_string_free(disuse->subject, TRUE);
    g_string_free(disuse->scope, TRUE);
    g_free(disuse);
}

static bool begin(struct store *store, GError **error)
{
    gint64 newest;

    if (!connection_number(store->connection, SQL_LAST_CAUSE, &newest, error))
        return false;
    store->disuse = g_new0(struct disuse, 1);
    store->disuse->newest = newest;
    store->disuse->used = g_malloc0((size_t)newest / 8 + 1);
    store->disuse->subject = g_string_new(NULL);
    store->disuse->scope = g_string_new(NULL);
    store->log_dropped = false;
    return true;
}

/* 0 is none. */
static void use(struct disuse *disuse, gint64 cause)
{
    if (cause <= disuse->newest)
        disuse->used[cause / 8] |= (guint8)(1U << cause % 8);
}

static bool is_used(const struct disuse *disuse, gint64 cause)
{
    return (disuse->used[cause / 8] >> cause % 8 & 1) != 0;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static bool read_changes(struct store *store, unsigned limit, unsigned *n, GError **error)
{
    struct query query = query_new(store->connection, SQL_CAUSES_OF_CHANGES);
    struct disuse *disuse = store->disuse;
    bool row = true;

    query_number(&query, disuse->change);
    query_number(&query, limit);
    for (*n = 0; row; *n += row) {
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            continue;
        disuse->change = query_number_at(&query, 0);
        use(disuse, query_number_at(&query, 1));
        use(disuse, query_number_at(&query, 2));
    }
    return true;
}

static bool read_entries(struct store *store, unsigned limit, GError **error)
{
    struct query query = query_new(store->connection, SQL_CAUSES_OF_LIST);
    struct disuse *disuse = store->disuse;
    g_autofree char *subject = g_strdup(disuse->subject->str), *scope = g_strdup(disuse->scope->str);
    bool row = true;
    unsigned n = 0;

    query_text(&query, subject);
    query_text(&query, scope);
    query_number(&query, limit);
    for (; row; n += row) {
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            continue;
        use(disuse, query_number_at(&query, 0));
        g_string_assign(disuse->subject, query_text_at(&query, 1));
        g_string_assign(disuse->scope, query_text_at(&query, 2));
    }
    disuse->read = n < limit;
    return true;
}

bool disuse_look(struct store *store, unsigned limit, bool *ready, bool *more, GError **error)
{
    unsigned n = limit;

    *ready = false;
    /* Not before all changes are gone that are to go. */
    if (store->disuse == NULL && (!store->log_dropped || *more))
        return true;
    if ((store->disuse == NULL && !begin(store, error)) || !read_changes(store, limit, &n, error) ||
        (n < limit && !store->disuse->read && !read_entries(store, limit, error)))
        return false;
    *ready = n < limit && store->disuse->read;
    *more = *more || !*ready;
    return true;
}

/* --- dropping ----------------------------------------------------------------------------------------------------- */

static bool run(struct store *store, enum sql sql, gint64 first, gint64 second, GError **error)
{
    struct query query = query_new(store->connection, sql);

    query_number(&query, first);
    query_number(&query, second);
    return query_run(&query, error);
}

/* The next causes, the first `limit`. */
static GArray *list_causes(struct store *store, unsigned limit, GError **error)
{
    g_autoptr(GArray) causes = g_array_new(FALSE, FALSE, sizeof(gint64));
    struct query query = query_new(store->connection, SQL_CAUSES_AFTER);
    bool row = true;

    query_number(&query, store->disuse->cause);
    query_number(&query, store->disuse->newest);
    query_number(&query, limit);
    while (row) {
        if (!query_step(&query, &row, error))
            return NULL;
        gint64 cause = row ? query_number_at(&query, 0) : 0;
        if (row)
            g_array_append_val(causes, cause);
    }
    return g_steal_pointer(&causes);
}

static bool drop_cause(struct store *store, gint64 cause, GError **error)
{
    struct query query = query_new(store->connection, SQL_DROP_CAUSE);

    query_number(&query, cause);
    return is_used(store->disuse, cause) || query_run(&query, error);
}

/* `*done` after the last one; then batches go that no cause names. */
static bool drop_causes(struct store *store, gint64 before, unsigned limit, bool *done, GError **error)
{
    g_autoptr(GArray) causes = list_causes(store, limit, error);

    for (guint i = 0; causes != NULL && i < causes->len; i++) {
        gint64 cause = g_array_index(causes, gint64, i);

        if (!drop_cause(store, cause, error))
            return false;
        store->disuse->cause = cause;
    }
    *done = causes != NULL && causes->len < limit;
    if (*done && !run(store, SQL_DROP_OLD_BATCHES, before, limit, error))
        return false;
    return causes != NULL;
}

/* The undoing of batches of so long ago would find no changes any more: nor does it need what they forgave. */
static bool drop_some(struct store *store, gint64 before, unsigned limit, bool *done, GError **error)
{
    unsigned n;

    *done = false;
    if (!read_changes(store, limit, &n, error))
        return false;
    if (n == limit)
        return true;
    if (!run(store, SQL_DROP_OLD_FORGIVEN_IMAGES, before, limit, error))
        return false;
    return connection_changes(store->connection) == limit || drop_causes(store, before, limit, done, error);
}

bool disuse_drop(struct store *store, gint64 before, unsigned limit, bool *more, GError **error)
{
    bool done;

    if (!drop_some(store, before, limit, &done, error))
        return false;
    if (done)
        g_clear_pointer(&store->disuse, disuse_free);
    *more = *more || !done;
    return true;
}
