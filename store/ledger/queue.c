#include "store/ledger/queue.h"

#include "store/ledger/raw.h"
#include "store/ledger/row.h"

enum { HOUR = 3600 };

/* Have `most` gone on within the hour? `digest`: of those alone that are of the same sender; NULL: of all. */
static bool reached(struct store *store, const guint8 *digest, gint64 since, gint64 most, bool *many, GError **error)
{
    struct query query = query_new(store->connection, digest != NULL ? SQL_OUTBOX_GOING_OF_SENDER : SQL_OUTBOX_GOING);
    bool row;

    query_number(&query, since);
    query_number(&query, most);
    if (digest != NULL)
        query_blob(&query, digest, STORE_DIGEST_SIZE);
    if (!query_step(&query, &row, error))
        return false;
    *many = query_number_at(&query, 0) >= most;
    query_end(&query);
    return true;
}

/* A flood of one sender takes nothing from others. */
static bool too_many(struct store *store, const guint8 *digest, const struct outgoing_order *order, bool *many,
                     GError **error)
{
    gint64 since = order->now - HOUR;

    return reached(store, NULL, since, order->hourly, many, error) &&
           (*many || reached(store, digest, since, order->sender_hourly, many, error));
}

bool queue_add(struct store *store, const guint8 *digest, const struct outgoing_order *order,
               enum outgoing_state *state, GError **error)
{
    const char *why = order->withheld;
    bool many = false;

    if (why == NULL && !too_many(store, digest, order, &many, error))
        return false;
    if (many)
        why = order->too_many;
    *state = why == NULL ? OUTGOING_WAITING : OUTGOING_WITHHELD;
    struct query query = query_new(store->connection, SQL_OUTBOX_ADD);
    query_blob(&query, digest, STORE_DIGEST_SIZE);
    query_text(&query, order->recipient);
    query_text(&query, order->came_to);
    query_text(&query, outgoing_state_names[*state]);
    query_number(&query, order->now);
    query_text(&query, why);
    return query_run(&query, error);
}

bool queue_next(struct store *store, struct outgoing *next, bool *found, GError **error)
{
    struct query query = query_new(store->connection, SQL_OUTBOX_NEXT);

    if (!query_step(&query, found, error))
        return false;
    if (!*found)
        return true;
    g_string_chunk_clear(store->found);
    row_outgoing(&query, next);
    row_keep_outgoing(store->found, next);
    query_end(&query);
    return true;
}

bool queue_mark(struct store *store, const struct outgoing *outgoing, GError **error)
{
    struct query query = query_new(store->connection, SQL_OUTBOX_MARK);
    guint8 digest[STORE_DIGEST_SIZE];

    if (!raw_digest_bytes(outgoing->digest, digest, error))
        return false;
    query_text(&query, outgoing_state_names[outgoing->state]);
    query_number(&query, outgoing->attempts);
    query_number(&query, outgoing->next);
    query_number(&query, outgoing->tried);
    query_text(&query, outgoing->said);
    query_blob(&query, digest, STORE_DIGEST_SIZE);
    query_text(&query, outgoing->recipient);
    return query_run(&query, error);
}

bool queue_retry(struct store *store, const char *digest, gint64 now, unsigned *n, GError **error)
{
    struct query query = query_new(store->connection, SQL_OUTBOX_RETRY);
    guint8 bytes[STORE_DIGEST_SIZE];

    if (!raw_digest_bytes(digest, bytes, error))
        return false;
    query_number(&query, now);
    query_blob(&query, bytes, STORE_DIGEST_SIZE);
    if (!query_run(&query, error))
        return false;
    *n = (unsigned)connection_changes(store->connection);
    return true;
}
