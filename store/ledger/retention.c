#include "store/ledger/retention.h"

/* Rows of one table, in the order of their ids, which is that in which they came: an old one that must stay, since
 * another refers to it, is passed by, and not looked at again before the next time. */
struct sweep {
    size_t keep;       /* where in struct store_keeping */
    enum sql first;    /* the first row after an id: its id and time */
    enum sql drops[2]; /* in this order: of ids from ?1 to before ?2 those that are from before ?3 */
};

/* One after the other: the rows of the last are what those of the others refer to. */
static const struct sweep sweeps[RETENTION_SWEEPS] = {
    {offsetof(struct store_keeping, events), SQL_FIRST_EVENT, {SQL_DROP_OLD_PROOFS, SQL_DROP_OLD_EVENTS}},
    {offsetof(struct store_keeping, changes), SQL_FIRST_CHANGE, {SQL_SET_LOG_END, SQL_DROP_OLD_CHANGES}},
    {offsetof(struct store_keeping, messages), SQL_FIRST_MESSAGE, {SQL_DROP_OLD_OUTBOX, SQL_DROP_OLD_MESSAGES}},
};

/* `id` is that of the first row after `after` if it is old, 0 if it is not, or if there is none. A row whose time is to
 * come was made while the clock was wrong, and says nothing of those after it. */
static bool find_first(struct store *store, enum sql sql, gint64 after, gint64 times[2], gint64 *id, GError **error)
{
    bool found;
    struct query query = query_new(store->connection, sql);

    query_number(&query, after);
    *id = 0;
    if (!query_step(&query, &found, error))
        return false;
    if (!found)
        return true;
    gint64 at = query_number_at(&query, 1);
    if (at < times[0] || at > times[1])
        *id = query_number_at(&query, 0);
    query_end(&query);
    return true;
}

static bool drop(struct store *store, enum sql sql, gint64 from, gint64 to, gint64 before, GError **error)
{
    struct query query = query_new(store->connection, sql);

    query_number(&query, from);
    query_number(&query, to);
    query_number(&query, before);
    return query_run(&query, error);
}

static bool sweep(struct store *store, const struct sweep *sweep, struct retention_place *place, gint64 times[2],
                  unsigned limit, GError **error)
{
    gint64 id;

    if (!find_first(store, sweep->first, place->after, times, &id, error))
        return false;
    place->done = id == 0;
    for (size_t i = 0; id != 0 && i < G_N_ELEMENTS(sweep->drops); i++) {
        if (!drop(store, sweep->drops[i], id, id + limit, times[0], error))
            return false;
        if (sweep->drops[i] == SQL_DROP_OLD_CHANGES && connection_changes(store->connection) > 0)
            store->log_dropped = true;
    }
    if (id != 0)
        place->after = id + limit - 1;
    return true;
}

/* Old counters lose their domains, of which there are many: what a day was as a whole stays. */
static bool fold_counters(struct store *store, gint64 before, unsigned limit, bool *more, GError **error)
{
    static const enum sql steps[] = {SQL_FOLD_COUNTERS, SQL_DROP_FOLDED_COUNTERS};

    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        struct query query = query_new(store->connection, steps[i]);

        query_text(&query, state_day(store, before));
        query_number(&query, limit);
        if (!query_run(&query, error))
            return false;
    }
    *more = *more || connection_changes(store->connection) == limit;
    return true;
}

bool retention_run(struct store *store, const struct store_keeping *keeping, gint64 now, unsigned limit, bool *more,
                   GError **error)
{
    bool left = false;

    for (size_t i = 0; i < RETENTION_SWEEPS && !left; i++) {
        gint64 keep = G_STRUCT_MEMBER(gint64, keeping, sweeps[i].keep);
        gint64 times[] = {now - keep, now};

        if (keep == 0 || store->places[i].done)
            continue;
        if (!sweep(store, &sweeps[i], &store->places[i], times, limit, error))
            return false;
        left = !store->places[i].done;
    }
    if (keeping->counters > 0 && !fold_counters(store, now - keeping->counters, limit, &left, error))
        return false;
    for (size_t i = 0; !left && i < RETENTION_SWEEPS; i++)
        store->places[i] = (struct retention_place){0};
    *more = *more || left;
    return true;
}

enum { SPARE_PAGES = 2000, VACUUM_PAGES = 1000 };

/* Some free pages are kept: what comes next takes them. A database that was made without incremental vacuuming gives
 * none back. */
bool retention_vacuum(struct store *store, bool *more, GError **error)
{
    gint64 before, pages = 0;

    if (!connection_number(store->connection, SQL_FREE_PAGES, &before, error))
        return false;
    if (before < SPARE_PAGES + VACUUM_PAGES)
        return true;
    struct query query = query_new(store->connection, SQL_VACUUM_PAGES);
    for (bool row = true; row; pages += row) {
        if (!query_step(&query, &row, error))
            return false;
    }
    *more = *more || pages > 1;
    return true;
}
