#include "store/store.h"

#include "store/adding/addition.h"
#include "store/asking/pages.h"
#include "store/entry_key.h"
#include "store/ledger/clock.h"
#include "store/ledger/cursor.h"
#include "store/ledger/disuse.h"
#include "store/ledger/list.h"
#include "store/ledger/raw.h"
#include "store/ledger/retention.h"
#include "store/ledger/row.h"
#include "store/ledger/state.h"
#include "store/privacy/tombstone.h"
#include "store/undoing/image.h"
#include "store/waves/holding.h"

struct store *store_open(const struct store_settings *settings, GError **error)
{
    static const enum connection_mode modes[] = {
        [STORE_MODE_READ] = CONNECTION_READ,
        [STORE_MODE_ASK] = CONNECTION_READ,
        [STORE_MODE_WRITE] = CONNECTION_WRITE,
        [STORE_MODE_DAEMON] = CONNECTION_HOLD,
    };
    struct connection *connection =
        connection_open(settings->path, modes[settings->mode], settings->busy_timeout, error);

    if (connection == NULL)
        return NULL;
    struct store *store = state_new(connection, settings->policies, settings->tenants);
    if (settings->mode == STORE_MODE_ASK)
        store->screen = screen_new(connection);
    return store;
}

void store_free(struct store *store)
{
    if (store == NULL)
        return;
    disuse_free(store->disuse);
    state_free(store);
}

bool store_reopen(struct store *store, GError **error)
{
    g_assert(store->cursors == 0 && !store->writing && store->screen == NULL);
    return connection_reopen(store->connection, error);
}

bool store_moved(const struct store *store)
{
    return connection_moved(store->connection);
}

bool store_holder(const char *path, pid_t *holder, GError **error)
{
    return connection_holder(path, holder, error);
}

void store_set_policies(struct store *store, const GPtrArray *policies, GHashTable *tenants)
{
    store->policies = policies;
    store->tenants = tenants;
}

void store_set_waves(struct store *store, const struct wave_settings *waves)
{
    store->waves = waves;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

bool store_begin(struct store *store, GError **error)
{
    g_assert(!store->writing && store->screen == NULL);
    if (connection_moved(store->connection)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_LOST, "%s: was removed or replaced while it was in use",
                    connection_path(store->connection));
        return false;
    }
    store->writing = connection_run(store->connection, SQL_BEGIN, error);
    store->counters_before = store->counters;
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
    store->counters = store->counters_before;
    store->writing = false;
}

bool store_undo(struct store *store)
{
    store_rollback(store);
    return false;
}

enum store_result store_add(struct store *store, const struct store_message *message, const struct event *events,
                            size_t n, GError **error)
{
    g_assert(store->writing);
    return addition_run(store, message, events, n, error);
}

/* --- suppressions ------------------------------------------------------------------------------------------------- */

static struct list_cause cause_of(const struct store_order *order)
{
    return (struct list_cause){
        .who = order->who, .door = order->door, .note = order->note, .batch = order->batch, .now = order->now};
}

/* In the transaction that is open, of the subject in `store->recipient`. */
static bool put_on(struct store *store, const struct store_batch *batch, bool *changed, GError **error)
{
    const struct store_order *order = &batch->order;
    const struct list_cause cause = cause_of(order);
    const struct suppression entry = {
        .subject = store->recipient->str,
        .scope = entry_scope_key(order->scope),
        .reason = order->reason,
        .verdict = order->verdict,
        .who = order->who,
        .door = order->door,
        .note = order->note,
        .batch = order->batch,
        .until = order->until,
    };
    struct list_before before;

    if (!list_read(store->connection, entry.subject, entry.scope, &before, error))
        return false;
    bool longer = before.wave == 0 && list_holds(&before, order->now) && order->until != 0 &&
                  (before.until == 0 || before.until > order->until);
    *changed = !longer || batch->replace;
    return !*changed || list_put(store->connection, &entry, &before, &cause, error);
}

/* The same. */
static bool take_off(struct store *store, const struct store_batch *batch, bool *changed, GError **error)
{
    const struct list_cause cause = cause_of(&batch->order);
    const struct suppression entry = {.subject = store->recipient->str, .scope = entry_scope_key(batch->order.scope)};
    struct list_before before;

    if (!list_read(store->connection, entry.subject, entry.scope, &before, error))
        return false;
    bool address = entry_subject_kind(entry.subject) == ENTRY_SUBJECT_ADDRESS;
    bool lifted = false, listed = list_holds(&before, batch->order.now);
    if (address && !tombstone_lift(store, &cause, entry.subject, entry.scope, &lifted, error))
        return false;
    *changed = listed || lifted;
    if (!listed)
        return true;
    return list_remove(store->connection, &entry, &cause, error) &&
           (!address || image_forgive(store->connection, &cause, &entry, error));
}

typedef bool one_change(struct store *store, const struct store_batch *batch, bool *changed, GError **error);

static bool change_all(struct store *store, const struct store_batch *batch, one_change *change, GError **error)
{
    bool good = store_begin(store, error), begun = good;

    for (guint i = 0; good && i < batch->n; i++)
        good = state_take_subject(store, batch->subjects[i], error) && change(store, batch, &batch->changed[i], error);
    return begun && (good || store_undo(store)) && store_commit(store, error);
}

bool store_suppress_all(struct store *store, const struct store_batch *batch, GError **error)
{
    return change_all(store, batch, put_on, error);
}

bool store_unsuppress_all(struct store *store, const struct store_batch *batch, GError **error)
{
    return change_all(store, batch, take_off, error);
}

bool store_suppress(struct store *store, const struct store_order *order, GError **error)
{
    bool changed;
    const struct store_batch batch = {*order, &order->subject, 1, true, &changed};

    return store_suppress_all(store, &batch, error);
}

bool store_unsuppress(struct store *store, const struct store_order *order, bool *removed, GError **error)
{
    const struct store_batch batch = {*order, &order->subject, 1, false, removed};

    *removed = false;
    return store_unsuppress_all(store, &batch, error);
}

bool store_settled(struct store *store, bool *settled, GError **error)
{
    g_assert(!store->writing);
    return connection_settled(store->connection, settled, error);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

void store_cursor_free(struct store_cursor *cursor)
{
    cursor_free(cursor);
}

struct store_cursor *store_suppressions(struct store *store, const struct store_filter *filter, gint64 now,
                                        GError **error)
{
    return cursor_new(store, CURSOR_SUPPRESSIONS, filter, now, error);
}

struct store_cursor *store_events(struct store *store, const struct store_filter *filter, GError **error)
{
    return cursor_new(store, CURSOR_EVENTS, filter, 0, error);
}

struct store_cursor *store_changes(struct store *store, const struct store_filter *filter, GError **error)
{
    return cursor_new(store, CURSOR_CHANGES, filter, 0, error);
}

struct store_cursor *store_counters(struct store *store, const struct store_filter *filter, GError **error)
{
    return cursor_new(store, CURSOR_COUNTERS, filter, 0, error);
}

bool store_next_suppression(struct store_cursor *cursor, struct suppression *row, GError **error)
{
    const struct query *query = cursor_next(cursor, CURSOR_SUPPRESSIONS, error);

    if (query != NULL)
        row_suppression(query, row);
    return query != NULL;
}

bool store_next_event(struct store_cursor *cursor, struct stored_event *row, GError **error)
{
    const struct query *query = cursor_next(cursor, CURSOR_EVENTS, error);

    if (query != NULL)
        row_event(query, row);
    return query != NULL;
}

bool store_next_change(struct store_cursor *cursor, struct change *row, GError **error)
{
    const struct query *query = cursor_next(cursor, CURSOR_CHANGES, error);

    if (query != NULL)
        row_change(query, row);
    return query != NULL;
}

bool store_next_counter(struct store_cursor *cursor, struct counter *row, GError **error)
{
    const struct query *query = cursor_next(cursor, CURSOR_COUNTERS, error);

    if (query != NULL)
        row_counter(query, row);
    return query != NULL;
}

bool store_knows_stream(struct store *store, const char *stream, bool *known, GError **error)
{
    struct query query = query_new(store->connection, SQL_STREAM);

    query_text(&query, stream);
    if (!query_step(&query, known, error))
        return false;
    query_end(&query);
    return true;
}

bool store_count_events(struct store *store, const char *recipient, gint64 *n, GError **error)
{
    bool row;

    *n = 0;
    if (!state_take_address(store, recipient, error))
        return false;
    struct query query = query_new(store->connection, SQL_COUNT_OF_RECIPIENT);
    query_text(&query, store->recipient->str);
    if (!query_step(&query, &row, error))
        return false;
    *n = query_number_at(&query, 0);
    query_end(&query);
    return true;
}

struct store_pages *store_pages(struct store *store, const struct store_filter *filter, gint64 now)
{
    return pages_new(store, filter, now);
}

bool store_hold_pages(struct store_pages *pages, struct store_position *position, GError **error)
{
    return pages_hold(pages, position, error);
}

void store_pages_free(struct store_pages *pages)
{
    pages_free(pages);
}

const struct suppression *store_next_page(struct store_pages *pages, guint size, guint *n, GError **error)
{
    return pages_next(pages, size, n, error);
}

char *store_digest(struct store *store, const char *prefix, GError **error)
{
    return raw_digest(store, prefix, error);
}

GBytes *store_message_raw(struct store *store, const char *digest, GError **error)
{
    return raw_read(store, digest, error);
}

/* --- keeping ------------------------------------------------------------------------------------------------------ */

bool store_room(struct store *store, struct store_room *room, GError **error)
{
    return connection_room(store->connection, &room->used, &room->free, error);
}

/* Causes and batches of which nothing is left. */
static bool drop_disused(struct store *store, gint64 before, unsigned limit, bool *more, GError **error)
{
    bool ready;

    if (!disuse_look(store, limit, &ready, more, error))
        return false;
    if (!ready)
        return true;
    if (!connection_run(store->connection, SQL_NO_FOREIGN_KEYS, error))
        return false;
    bool good = store_begin(store, error) && (disuse_drop(store, before, limit, more, error) || store_undo(store)) &&
                store_commit(store, error);
    return connection_run(store->connection, SQL_FOREIGN_KEYS, good ? error : NULL) && good;
}

/* In the transaction that is open. */
static bool keep(struct store *store, const struct store_keeping *keeping, gint64 now, unsigned limit, bool *more,
                 GError **error)
{
    gint64 n = 0;

    if (!list_expire(store->connection, now, limit, &n, error))
        return false;
    *more = n == limit;
    if (keeping->raws > 0) {
        if (!raw_drop(store, now - keeping->raws, limit, error))
            return false;
        *more = *more || connection_changes(store->connection) == limit;
    }
    return holding_tidy(store, now, limit, more, error) && clock_repair(store, now, limit, more, error) &&
           tombstone_expire(store, now, error) && retention_run(store, keeping, now, limit, more, error);
}

bool store_maintain(struct store *store, const struct store_keeping *keeping, gint64 now, unsigned limit, bool *more,
                    GError **error)
{
    bool left = false;

    g_assert(limit > 0);
    *more = false;
    if (!store_begin(store, error))
        return false;
    bool good = (keep(store, keeping, now, limit, &left, error) || store_undo(store)) && store_commit(store, error) &&
                drop_disused(store, now - keeping->changes, limit, &left, error) &&
                retention_vacuum(store, &left, error);
    *more = good && left;
    return good;
}
