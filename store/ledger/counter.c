#include "store/ledger/counter.h"

#include <string.h>

/* The part behind the last "@"; "" when there is no address. */
static const char *domain_of(const char *address)
{
    const char *at = address == NULL ? NULL : strrchr(address, '@');

    return at == NULL ? "" : at + 1;
}

/* Whose figures an event adds to, and when. */
struct owner {
    const char *day; /* of state_day() */
    const char *stream;
    const char *sender_domain;
    const char *recipient_domain;
};

enum { OWNERS = 3 };

/* Its own; those of its stream, to which old figures are added up; and those of nobody. `sender_domain` is for the
 * caller to free. */
static void find_owners(struct store *store, const struct event *event, gint64 received, struct owner owners[OWNERS],
                        char **sender_domain)
{
    const char *day = state_day(store, received);
    const char *stream = event->stream == NULL ? "" : event->stream;

    *sender_domain = g_ascii_strdown(domain_of(event->sender), -1);
    owners[0] = (struct owner){day, stream, *sender_domain, domain_of(event->recipient)};
    owners[1] = (struct owner){day, stream, "", ""};
    owners[2] = (struct owner){day, "", "", ""};
}

static void bind_key(struct query *query, const struct event *event, const struct owner *owner)
{
    query_text(query, owner->day);
    query_text(query, owner->stream);
    query_text(query, owner->sender_domain);
    query_text(query, owner->recipient_domain);
    query_text(query, report_kind_names[event->kind]);
    query_text(query, verdict_names[event->verdict]);
    query_text(query, reason_names[event->reason]);
}

/* Adds `n` to a counter, if it is there. */
static bool count_again(struct store *store, const struct event *event, const struct owner *owner, gint64 n,
                        bool *counted, GError **error)
{
    struct query query = query_new(store->connection, SQL_COUNT_AGAIN);

    bind_key(&query, event, owner);
    query_number(&query, n);
    if (!query_run(&query, error))
        return false;
    *counted = connection_changes(store->connection) == 1;
    return true;
}

static bool count(struct store *store, const struct event *event, const struct owner *owner, gint64 n, GError **error)
{
    struct query query = query_new(store->connection, SQL_COUNT_EVENT);

    bind_key(&query, event, owner);
    query_number(&query, n);
    return query_run(&query, error);
}

static bool begin_day(struct store *store, gint64 received, GError **error)
{
    gint64 day = received / 86400;
    bool row;

    if (store->counters.day == day)
        return true;
    struct query query = query_new(store->connection, SQL_COUNTERS_OF_DAY);
    query_text(&query, state_day(store, received));
    if (!query_step(&query, &row, error))
        return false;
    store->counters = (struct state_counters){.day = day, .all = query_number_at(&query, 0)};
    query_end(&query);
    return true;
}

/* May the event have a counter more? */
static bool take_room(struct state_counters *counters, const struct event *event)
{
    bool strange = event->evidence == REPORT_EVIDENCE_UNPROVEN;

    if (counters->all >= COUNTER_ROWS_MAX || (strange && counters->of_strangers >= COUNTER_ROWS_OF_STRANGERS))
        return false;
    counters->all++;
    counters->of_strangers += strange;
    return true;
}

bool counter_add_many(struct store *store, const struct event *event, gint64 n, gint64 received, GError **error)
{
    g_autofree char *sender_domain = NULL;
    struct owner owners[OWNERS];
    bool counted;

    find_owners(store, event, received, owners, &sender_domain);
    if (!count_again(store, event, &owners[0], n, &counted, error))
        return false;
    if (counted)
        return true;
    if (!begin_day(store, received, error))
        return false;
    return count(store, event, &owners[take_room(&store->counters, event) ? 0 : OWNERS - 1], n, error);
}

bool counter_add(struct store *store, const struct event *event, gint64 received, GError **error)
{
    return counter_add_many(store, event, 1, received, error);
}

/* Takes the event from the first that has its counter. */
static bool take(struct store *store, const struct event *event, const struct owner owners[OWNERS],
                 const struct owner **found, GError **error)
{
    bool counted = false;

    *found = &owners[0];
    for (unsigned i = 0; i < OWNERS && !counted; i++) {
        if (!count_again(store, event, &owners[i], -1, &counted, error))
            return false;
        if (counted)
            *found = &owners[i];
    }
    struct query query = query_new(store->connection, SQL_DROP_COUNTER);
    bind_key(&query, event, *found);
    return query_run(&query, error);
}

bool counter_take(struct store *store, const struct event *event, gint64 received, GError **error)
{
    g_autofree char *sender_domain = NULL;
    struct owner owners[OWNERS];
    const struct owner *found;

    find_owners(store, event, received, owners, &sender_domain);
    return take(store, event, owners, &found, error);
}

bool counter_change(struct store *store, const struct event *before, const struct event *now, gint64 received,
                    GError **error)
{
    g_autofree char *sender_domain = NULL;
    struct owner owners[OWNERS];
    const struct owner *found;

    find_owners(store, before, received, owners, &sender_domain);
    return take(store, before, owners, &found, error) && count(store, now, found, 1, error);
}
