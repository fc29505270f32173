#include "store/ledger/counter.h"

#include <string.h>

/* The part behind the last "@"; "" when there is no address. */
static const char *domain_of(const char *address)
{
    const char *at = address == NULL ? NULL : strrchr(address, '@');

    return at == NULL ? "" : at + 1;
}

static void bind_key(struct store *store, struct query *query, const struct event *event, const char *sender_domain,
                     gint64 received)
{
    query_text(query, state_day(store, received));
    query_text(query, event->stream == NULL ? "" : event->stream);
    query_text(query, sender_domain);
    query_text(query, domain_of(event->recipient));
    query_text(query, report_kind_names[event->kind]);
    query_text(query, verdict_names[event->verdict]);
    query_text(query, reason_names[event->reason]);
}

/* Runs a statement that takes the key of a counter. */
static bool run(struct store *store, enum sql sql, const struct event *event, gint64 received, GError **error)
{
    struct query query = query_new(store->connection, sql);
    g_autofree char *sender_domain = g_ascii_strdown(domain_of(event->sender), -1);

    bind_key(store, &query, event, sender_domain, received);
    return query_run(&query, error);
}

bool counter_add_many(struct store *store, const struct event *event, gint64 n, gint64 received, GError **error)
{
    struct query query = query_new(store->connection, SQL_COUNT_EVENT);
    g_autofree char *sender_domain = g_ascii_strdown(domain_of(event->sender), -1);

    bind_key(store, &query, event, sender_domain, received);
    query_number(&query, n);
    return query_run(&query, error);
}

bool counter_add(struct store *store, const struct event *event, gint64 received, GError **error)
{
    return counter_add_many(store, event, 1, received, error);
}

bool counter_take(struct store *store, const struct event *event, gint64 received, GError **error)
{
    return run(store, SQL_UNCOUNT_EVENT, event, received, error) &&
           run(store, SQL_DROP_COUNTER, event, received, error);
}
