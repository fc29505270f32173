#include "store/privacy.h"

#include "store/privacy/erasure.h"
#include "store/privacy/secret_key.h"
#include "store/privacy/tombstone.h"

bool store_name_key(struct store *store, guint8 key[NAME_KEY_SIZE], GError **error)
{
    bool found;

    if (!secret_key_read(store, SECRET_KEY_NAMES, key, &found, error))
        return false;
    if (found)
        return true;
    return store_begin(store, error) && (secret_key_make(store, error) || store_undo(store)) &&
           store_commit(store, error) && secret_key_read(store, SECRET_KEY_NAMES, key, &found, error);
}

/* In the transaction that is open. */
static bool log_it(struct store *store, const char *address, const struct store_order *order, GError **error)
{
    const struct list_cause cause = {.who = order->who, .door = order->door, .note = order->note, .now = order->now};
    g_autofree char *name = tombstone_name(store, address, error);
    const struct suppression entry = {.subject = name, .scope = ""};

    return name != NULL && list_note(store->connection, "forget", &entry, &cause, error);
}

static bool is_empty(const struct privacy_traces *traces)
{
    return traces->entries + traces->changes + traces->events + traces->messages + traces->outbox + traces->texts +
               traces->notes + traces->forgiven ==
           0;
}

static bool forget(struct store *store, struct erasure *erasure, const char *address, const struct store_order *order,
                   struct privacy_traces *traces, GError **error)
{
    if (!tombstone_make(store, address, order->now, error) || !erasure_run(erasure, traces, error))
        return false;
    return is_empty(traces) || log_it(store, address, order, error);
}

bool store_forget(struct store *store, const struct store_order *order, enum privacy_extent extent,
                  struct privacy_traces *traces, GError **error)
{
    *traces = (struct privacy_traces){0};
    if (!state_take_address(store, order->subject, error))
        return false;
    g_autofree char *address = g_ascii_strdown(store->recipient->str, -1);
    g_autoptr(Erasure) erasure = erasure_new(store, address);
    if (erasure_is_named(erasure, order->note) || erasure_is_named(erasure, order->who)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_ADDRESS, "the note would keep the address that is to be forgotten");
        return false;
    }
    if (!connection_run(store->connection, SQL_SECURE_DELETE, error) || !erasure_search(erasure, error) ||
        !store_begin(store, error))
        return false;
    if (!forget(store, erasure, address, order, traces, error))
        return store_undo(store);
    if (extent == PRIVACY_ERASE)
        return store_commit(store, error);
    store_rollback(store);
    return true;
}

bool store_messages_about(struct store *store, const char *address, GPtrArray *digests, GError **error)
{
    if (!state_take_address(store, address, error))
        return false;
    g_autoptr(Erasure) erasure = erasure_new(store, store->recipient->str);
    return erasure_list(erasure, digests, error);
}

bool store_mentions(struct store *store, const char *address, GPtrArray *mentions, GError **error)
{
    if (!state_take_address(store, address, error))
        return false;
    g_autoptr(Erasure) erasure = erasure_new(store, store->recipient->str);
    return erasure_mentions(erasure, mentions, error);
}

bool store_wipe(struct store *store, GError **error)
{
    struct query query;
    bool row;

    g_assert(!store->writing);
    if (!connection_run(store->connection, SQL_VACUUM, error))
        return false;
    query = query_new(store->connection, SQL_TRUNCATE_LOG);
    if (!query_step(&query, &row, error))
        return false;
    bool busy = row && query_number_at(&query, 0) != 0;
    query_end(&query);
    if (busy)
        g_set_error(error, STORE_ERROR, STORE_ERROR_BUSY,
                    "%s: its write-ahead log still holds what was erased, since another process reads it",
                    connection_path(store->connection));
    return !busy;
}
