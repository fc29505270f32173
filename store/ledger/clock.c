#include "store/ledger/clock.h"

/* Clocks differ a little, and what is tried again may be due in a day. */
enum { TOLERANCE = 2 * 86400 };

/* ?1 is now, ?2 the time from which on a row is from the future, ?3 how many. */
static const enum sql repairs[] = {SQL_FUTURE_RAWS,    SQL_FUTURE_EVENTS, SQL_FUTURE_MESSAGES, SQL_LOG_FUTURE,
                                   SQL_FUTURE_ENTRIES, SQL_FUTURE_OUTBOX, SQL_FUTURE_QUEUED,   SQL_FUTURE_CLAIMS};

bool clock_repair(struct store *store, gint64 now, unsigned limit, bool *more, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(repairs); i++) {
        struct query query = query_new(store->connection, repairs[i]);

        query_number(&query, now);
        query_number(&query, now + TOLERANCE);
        query_number(&query, limit);
        if (!query_run(&query, error))
            return false;
        *more = *more || connection_changes(store->connection) == limit;
    }
    return true;
}
