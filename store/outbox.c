#include "store/outbox.h"

#include "store/ledger/state.h"

#define HOUR 3600

const char *const outgoing_state_names[] = {
    [OUTGOING_WAITING] = "waiting",
    [OUTGOING_DELIVERED] = "delivered",
    [OUTGOING_FAILED] = "failed",
    [OUTGOING_WITHHELD] = "withheld",
    NULL,
};

static bool too_many(struct store *store, const struct outgoing_order *order, bool *many, GError **error)
{
    struct query query = query_new(store->connection, SQL_OUTBOX_GOING);
    bool row;

    query_number(&query, order->now - HOUR);
    query_number(&query, order->hourly);
    if (!query_step(&query, &row, error))
        return false;
    *many = query_number_at(&query, 0) >= order->hourly;
    query_end(&query);
    return true;
}

bool store_outbox_add(struct store *store, const guint8 *digest, const struct outgoing_order *order,
                      enum outgoing_state *state, GError **error)
{
    const char *why = order->withheld;
    bool many = false;

    g_assert(store->writing);
    if (why == NULL && !too_many(store, order, &many, error))
        return false;
    if (many)
        why = order->too_many;
    *state = why == NULL ? OUTGOING_WAITING : OUTGOING_WITHHELD;
    struct query query = query_new(store->connection, SQL_OUTBOX_ADD);
    query_blob(&query, digest, DIGEST_SIZE);
    query_text(&query, order->recipient);
    query_text(&query, order->came_to);
    query_text(&query, outgoing_state_names[*state]);
    query_number(&query, order->now);
    query_text(&query, why);
    return query_run(&query, error);
}

void outgoing_read(const struct query *query, struct outgoing *row)
{
    *row = (struct outgoing){
        .digest = query_text_at(query, 0),
        .source = query_text_at(query, 1),
        .recipient = query_text_at(query, 2),
        .came_to = query_text_at(query, 3),
        .state = event_value(outgoing_state_names, query_text_at(query, 4)),
        .queued = query_number_at(query, 5),
        .attempts = (unsigned)query_number_at(query, 6),
        .next = query_number_at(query, 7),
        .tried = query_number_at(query, 8),
        .said = query_text_at(query, 9),
    };
}

static const char *keep(struct store *store, const char *text)
{
    return text == NULL ? NULL : g_string_chunk_insert(store->found, text);
}

bool store_outbox_next(struct store *store, struct outgoing *next, bool *found, GError **error)
{
    struct query query = query_new(store->connection, SQL_OUTBOX_NEXT);

    if (!query_step(&query, found, error))
        return false;
    if (!*found)
        return true;
    g_string_chunk_clear(store->found);
    outgoing_read(&query, next);
    next->digest = keep(store, next->digest);
    next->source = keep(store, next->source);
    next->recipient = keep(store, next->recipient);
    next->came_to = keep(store, next->came_to);
    next->said = keep(store, next->said);
    query_end(&query);
    return true;
}

/* A statement of its own, in a transaction: the file may have been moved away. */
static bool change(struct store *store, struct query *query, GError **error)
{
    if (!store_begin(store, error))
        return false;
    if (query_run(query, error))
        return store_commit(store, error);
    store_rollback(store);
    return false;
}

bool store_outbox_mark(struct store *store, const struct outgoing *outgoing, GError **error)
{
    struct query query = query_new(store->connection, SQL_OUTBOX_MARK);
    guint8 digest[DIGEST_SIZE];

    if (!store_digest_bytes(outgoing->digest, digest, error))
        return false;
    query_text(&query, outgoing_state_names[outgoing->state]);
    query_number(&query, outgoing->attempts);
    query_number(&query, outgoing->next);
    query_number(&query, outgoing->tried);
    query_text(&query, outgoing->said);
    query_blob(&query, digest, DIGEST_SIZE);
    query_text(&query, outgoing->recipient);
    return change(store, &query, error);
}

bool store_outbox_retry(struct store *store, const char *digest, gint64 now, unsigned *n, GError **error)
{
    struct query query = query_new(store->connection, SQL_OUTBOX_RETRY);
    guint8 bytes[DIGEST_SIZE];

    if (!store_digest_bytes(digest, bytes, error))
        return false;
    query_number(&query, now);
    query_blob(&query, bytes, DIGEST_SIZE);
    if (!change(store, &query, error))
        return false;
    *n = (unsigned)connection_changes(store->connection);
    return true;
}
