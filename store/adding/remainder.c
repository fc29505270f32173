#include "store/adding/remainder.h"

#include "store/ledger/counter.h"

/* Those of one kind, verdict and reason: `event` is one of them. */
struct share {
    const struct event *event;
    gint64 n;
};

struct remainder {
    const struct store_message *message;
    size_t unproven; /* that came so far */
    gint64 taken;
    GArray *shares;    /* of struct share; few, since there are few kinds, verdicts and reasons */
    GHashTable *named; /* what was reported of whom: it counts once */
};

struct remainder *remainder_new(const struct store_message *message)
{
    struct remainder *remainder = g_new0(struct remainder, 1);

    remainder->message = message;
    remainder->shares = g_array_new(FALSE, FALSE, sizeof(struct share));
    remainder->named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return remainder;
}

void remainder_free(struct remainder *remainder)
{
    if (remainder == NULL)
        return;
    g_array_unref(remainder->shares);
    g_hash_table_unref(remainder->named);
    g_free(remainder);
}

static void add(struct remainder *remainder, const struct event *event)
{
    const struct share first = {event, 1};

    for (guint i = 0; i < remainder->shares->len; i++) {
        struct share *share = &g_array_index(remainder->shares, struct share, i);

        if (share->event->kind == event->kind && share->event->verdict == event->verdict &&
            share->event->reason == event->reason) {
            share->n++;
            return;
        }
    }
    g_array_append_val(remainder->shares, first);
}

static bool is_new(struct remainder *remainder, const struct event *event)
{
    g_autofree char *address = event->recipient != NULL ? g_ascii_strdown(event->recipient, -1) : NULL;

    return address == NULL ||
           g_hash_table_add(remainder->named,
                            g_strdup_printf("%u %u %u %s", event->kind, event->verdict, event->reason, address));
}

bool remainder_take(struct remainder *remainder, const struct event *event)
{
    size_t most = remainder->message->keep_unproven;

    if (most == 0 || event->evidence != REPORT_EVIDENCE_UNPROVEN)
        return false;
    bool new = is_new(remainder, event);
    if (++remainder->unproven <= most)
        return false;
    if (!new)
        return true;
    add(remainder, event);
    remainder->taken++;
    return true;
}

static bool set_left_out(const struct remainder *remainder, struct store *store, gint64 message_id, GError **error)
{
    struct query query = query_new(store->connection, SQL_SET_LEFT_OUT);

    query_number(&query, remainder->taken);
    query_number(&query, message_id);
    return query_run(&query, error);
}

bool remainder_store(const struct remainder *remainder, struct store *store, gint64 message_id, GError **error)
{
    for (guint i = 0; i < remainder->shares->len; i++) {
        const struct share *share = &g_array_index(remainder->shares, struct share, i);
        struct event event = *share->event;

        event.recipient = NULL;
        if (!counter_add_many(store, &event, share->n, remainder->message->received, error))
            return false;
    }
    return remainder->taken == 0 || set_left_out(remainder, store, message_id, error);
}
