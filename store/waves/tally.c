#include "store/waves/tally.h"

enum { ALL = 1 }; /* the tally of all receivers together, which the schema makes */

static gint64 bucket_of(gint64 at)
{
    return at / SURGE_BUCKET;
}

static gint64 day_of(gint64 at)
{
    return bucket_of(at) / SURGE_DAY;
}

/* --- finding ------------------------------------------------------------------------------------------------------ */

static bool read_tally(struct connection *connection, struct tally *tally, GError **error)
{
    struct query query = query_new(connection, SQL_TALLY);
    bool found;

    query_text(&query, tally->receiver);
    query_text(&query, tally->rule);
    if (!query_step(&query, &found, error))
        return false;
    if (found) {
        tally->id = query_number_at(&query, 0);
        tally->first = query_number_at(&query, 1);
        tally->wave = query_number_at(&query, 2);
        query_end(&query);
    }
    return true;
}

static bool make_tally(struct connection *connection, struct tally *tally, gint64 at, bool proven, GError **error)
{
    struct query room = query_new(connection, SQL_TALLY_ROOM);
    struct query make = query_new(connection, SQL_TALLY_MAKE);

    query_number(&room, at);
    query_number(&room, day_of(at));
    query_number(&room, proven ? TALLY_NEW_MAX : TALLY_NEW_OF_STRANGERS);
    if (!query_run(&room, error))
        return false;
    if (connection_changes(connection) == 0)
        return true;
    query_text(&make, tally->receiver);
    query_text(&make, tally->rule);
    query_number(&make, at);
    if (!query_run(&make, error))
        return false;
    tally->id = connection_made(connection);
    tally->first = at;
    return true;
}

bool tally_find(struct connection *connection, struct tally *tally, gint64 at, bool proven, GError **error)
{
    return read_tally(connection, tally, error) && (tally->id != 0 || make_tally(connection, tally, at, proven, error));
}

/* --- counting ----------------------------------------------------------------------------------------------------- */

static bool add_one(struct connection *connection, gint64 id, gint64 at, GError **error)
{
    struct query query = query_new(connection, SQL_TALLY_COUNT);

    query_number(&query, id);
    query_number(&query, bucket_of(at));
    return query_run(&query, error);
}

static bool read_hour(struct connection *connection, gint64 id, gint64 at, gint64 *hour, GError **error)
{
    struct query query = query_new(connection, SQL_TALLY_AROUND);
    gint64 counts[SURGE_BUCKETS] = {0}, first = bucket_of(at) - (SURGE_HOUR - 1);
    bool row = true;

    query_number(&query, id);
    query_number(&query, first);
    query_number(&query, first + SURGE_BUCKETS - 1);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        if (row)
            counts[query_number_at(&query, 0) - first] = query_number_at(&query, 1);
    }
    *hour = surge_hour(counts);
    return true;
}

bool tally_count(struct connection *connection, struct tally *tally, gint64 at, GError **error)
{
    return add_one(connection, tally->id, at, error) && (tally->wave != 0 || add_one(connection, ALL, at, error)) &&
           read_hour(connection, tally->id, at, &tally->hour, error);
}

/* --- looking back ------------------------------------------------------------------------------------------------- */

/* `*busiest` is -1 if it was not worked out on this day yet. */
static bool recall(struct connection *connection, gint64 id, gint64 day, gint64 *busiest, GError **error)
{
    struct query query = query_new(connection, SQL_TALLY_RECALL);
    bool row;

    *busiest = -1;
    query_number(&query, id);
    query_number(&query, day);
    if (!query_step(&query, &row, error))
        return false;
    if (row) {
        *busiest = query_number_at(&query, 0);
        query_end(&query);
    }
    return true;
}

static bool keep(struct connection *connection, gint64 id, gint64 day, gint64 busiest, GError **error)
{
    struct query query = query_new(connection, SQL_TALLY_KEEP);

    query_number(&query, day);
    query_number(&query, busiest);
    query_number(&query, id);
    return query_run(&query, error);
}

/* Of all the receiver's rules if `rule` is NULL. */
static bool work_out(struct connection *connection, const char *receiver, const char *rule, gint64 day, gint64 *busiest,
                     GError **error)
{
    struct query query = query_new(connection, SQL_TALLY_BUSIEST);
    bool row;

    query_text(&query, receiver);
    query_text(&query, rule);
    query_number(&query, day);
    query_number(&query, day - SURGE_DAYS);
    query_number(&query, SURGE_DAY);
    if (!query_step(&query, &row, error))
        return false;
    *busiest = query_number_at(&query, 0);
    query_end(&query);
    return true;
}

/* It is the same for a whole day. */
static bool find_busiest(struct connection *connection, const struct tally *tally, gint64 at, gint64 *busiest,
                         GError **error)
{
    gint64 day = day_of(at);
    const char *rule = at - tally->first < SURGE_LEARNING ? NULL : tally->rule;

    if (!recall(connection, tally->id, day, busiest, error))
        return false;
    if (*busiest >= 0)
        return true;
    return work_out(connection, tally->receiver, rule, day, busiest, error) &&
           keep(connection, tally->id, day, *busiest, error);
}

static bool read_watched(struct connection *connection, gint64 at, gint64 *watched, GError **error)
{
    gint64 since;

    if (!connection_number(connection, SQL_TALLY_WATCHED, &since, error))
        return false;
    *watched = at - since;
    return true;
}

bool tally_view(struct connection *connection, const struct tally *tally, gint64 at, struct surge_view *view,
                GError **error)
{
    static const struct tally all = {.id = ALL, .receiver = "", .rule = ""};

    *view = (struct surge_view){.hour = tally->hour};
    return find_busiest(connection, tally, at, &view->busiest, error) &&
           find_busiest(connection, &all, at, &view->all_busiest, error) &&
           read_hour(connection, ALL, at, &view->all, error) && read_watched(connection, at, &view->watched, error);
}

/* --- waves -------------------------------------------------------------------------------------------------------- */

bool tally_set_wave(struct connection *connection, gint64 id, gint64 wave, GError **error)
{
    struct query query = query_new(connection, SQL_TALLY_SET_WAVE);

    query_optional(&query, wave);
    query_number(&query, id);
    return query_run(&query, error);
}

bool tally_take(struct connection *connection, gint64 id, gint64 from, gint64 to, GError **error)
{
    struct query query = query_new(connection, SQL_TALLY_TAKE);

    query_number(&query, id);
    query_number(&query, bucket_of(from));
    query_number(&query, bucket_of(to));
    return query_run(&query, error);
}

/* --- keeping it small --------------------------------------------------------------------------------------------- */

static bool run(struct connection *connection, enum sql sql, gint64 first, gint64 second, GError **error)
{
    struct query query = query_new(connection, sql);

    query_number(&query, first);
    query_number(&query, second);
    return query_run(&query, error);
}

/* The last hour of what is folded stays: an hour of the next day may begin in it. */
static bool fold(struct connection *connection, gint64 before, unsigned limit, bool *more, GError **error)
{
    if (!run(connection, SQL_TALLY_FOLD, before, limit, error))
        return false;
    gint64 rows = connection_changes(connection);

    *more = *more || rows >= limit;
    return rows == 0 || run(connection, SQL_TALLY_DROP_FOLDED, before - SURGE_HOUR, limit, error);
}

static bool drop(struct connection *connection, enum sql sql, gint64 before, unsigned limit, bool *more, GError **error)
{
    bool good = run(connection, sql, before, limit, error);

    *more = *more || (good && connection_changes(connection) == limit);
    return good;
}

bool tally_tidy(struct connection *connection, gint64 now, unsigned limit, bool *more, GError **error)
{
    gint64 today = day_of(now);

    return fold(connection, (today - 1) * SURGE_DAY, limit, more, error) &&
           drop(connection, SQL_TALLY_DROP_DAYS, today - SURGE_DAYS, limit, more, error) &&
           drop(connection, SQL_TALLY_DROP, now - (gint64)SURGE_DAYS * 86400, limit, more, error);
}
