#include "store/outbox.h"

#include "store/ledger/cursor.h"
#include "store/ledger/queue.h"
#include "store/ledger/row.h"

bool store_outbox_add(struct store *store, const guint8 *digest, const struct outgoing_order *order,
                      enum outgoing_state *state, GError **error)
{
    g_assert(store->writing);
    return queue_add(store, digest, order, state, error);
}

bool store_outbox_next(struct store *store, struct outgoing *next, bool *found, GError **error)
{
    return queue_next(store, next, found, error);
}

bool store_outbox_mark(struct store *store, const struct outgoing *outgoing, GError **error)
{
    return store_begin(store, error) && (queue_mark(store, outgoing, error) || store_undo(store)) &&
           store_commit(store, error);
}

bool store_outbox_retry(struct store *store, const char *digest, gint64 now, unsigned *n, GError **error)
{
    return store_begin(store, error) && (queue_retry(store, digest, now, n, error) || store_undo(store)) &&
           store_commit(store, error);
}

struct store_cursor *store_outbox(struct store *store, const struct store_filter *filter, GError **error)
{
    return cursor_new(store, CURSOR_OUTBOX, filter, 0, error);
}

bool store_next_outgoing(struct store_cursor *cursor, struct outgoing *row, GError **error)
{
    const struct query *query = cursor_next(cursor, CURSOR_OUTBOX, error);

    if (query != NULL)
        row_outgoing(query, row);
    return query != NULL;
}
