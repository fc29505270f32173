#include "store/waves/guard.h"

#define DAY G_GINT64_CONSTANT(86400)

/* --- one wave ----------------------------------------------------------------------------------------------------- */

struct row {
    gint64 id;
    gint64 began;
    gint64 last;
    gint64 level;
    gint64 ended; /* 0: it is on */
    gint64 baseline;
};

static bool read_wave(struct connection *connection, gint64 id, struct row *row, GError **error)
{
    struct query query = query_new(connection, SQL_WAVE_READ);
    bool found;

    *row = (struct row){.id = id};
    query_number(&query, id);
    if (!query_step(&query, &found, error))
        return false;
    if (found) {
        row->began = query_number_at(&query, 0);
        row->last = query_number_at(&query, 1);
        row->level = query_number_at(&query, 2);
        row->ended = query_number_at(&query, 3);
        query_end(&query);
    }
    return true;
}

static bool end_wave(struct connection *connection, const struct row *row, gint64 tally, GError **error)
{
    struct query query = query_new(connection, SQL_WAVE_END);
    gint64 end = surge_end(row->began, row->last);

    query_number(&query, end);
    query_number(&query, row->id);
    return query_run(&query, error) && tally_set_wave(connection, tally, 0, error) &&
           tally_take(connection, tally, row->began, end, error);
}

/* Its row gets an id. */
static bool begin_wave(struct connection *connection, const struct tally *tally, gint64 now, struct row *row,
                       GError **error)
{
    struct query query = query_new(connection, SQL_WAVE_BEGIN);

    query_text(&query, tally->receiver);
    query_text(&query, tally->rule);
    query_number(&query, row->last);
    query_number(&query, row->began);
    query_number(&query, now);
    query_number(&query, row->last);
    query_number(&query, row->level);
    query_number(&query, row->baseline);
    query_number(&query, tally->hour);
    if (!query_run(&query, error))
        return false;
    row->id = connection_made(connection);
    return tally_set_wave(connection, tally->id, row->id, error);
}

/* A failure at `at`; `goes_on`: it is kept up by that. */
static bool note_failure(struct connection *connection, gint64 id, gint64 at, bool goes_on, GError **error)
{
    struct query query = query_new(connection, SQL_WAVE_GO_ON);

    query_number(&query, goes_on ? at : 0);
    query_number(&query, at);
    query_number(&query, id);
    return query_run(&query, error);
}

/* --- a failure ---------------------------------------------------------------------------------------------------- */

/* The wave that is on, if it is on still. */
static bool look_at_wave(struct connection *connection, struct tally *tally, gint64 at, struct row *row, GError **error)
{
    *row = (struct row){0};
    if (tally->wave == 0)
        return true;
    if (!read_wave(connection, tally->wave, row, error))
        return false;
    if (at <= surge_end(row->began, row->last))
        return true;
    tally->wave = 0;
    return end_wave(connection, row, tally->id, error);
}

/* The beginning of the hour that ends with the bucket of `at`. */
static gint64 hour_before(gint64 at)
{
    return at - at % SURGE_BUCKET - (gint64)(SURGE_HOUR - 1) * SURGE_BUCKET;
}

static bool look_for_surge(struct connection *connection, const struct wave_settings *settings,
                           const struct tally *tally, const struct guard_failure *failure,
                           struct guard_outcome *outcome, GError **error)
{
    struct row row = {.began = hour_before(failure->at), .last = failure->at};
    struct surge_view view;

    if (tally->hour < settings->minimum || failure->now - failure->at >= DAY)
        return true;
    if (!tally_view(connection, tally, failure->at, &view, error))
        return false;
    if (!surge_begins(settings, &view, &row.baseline, &row.level))
        return true;
    if (!begin_wave(connection, tally, failure->now, &row, error))
        return false;
    *outcome = (struct guard_outcome){row.id, true, row.began};
    return true;
}

bool guard_count(struct connection *connection, const struct wave_settings *settings,
                 const struct guard_failure *failure, struct guard_outcome *outcome, GError **error)
{
    struct tally tally = {.receiver = failure->receiver, .rule = failure->rule};
    struct row row;

    *outcome = (struct guard_outcome){0};
    if (failure->now - failure->at >= SURGE_DAYS * DAY)
        return true;
    if (!tally_find(connection, &tally, failure->at, failure->proven, error))
        return false;
    if (tally.id == 0)
        return true;
    if (!look_at_wave(connection, &tally, failure->at, &row, error))
        return false;
    if (failure->confined) {
        outcome->wave = tally.wave != 0 && failure->at >= row.began ? tally.wave : 0;
        return true;
    }
    if (!tally_count(connection, &tally, failure->at, error))
        return false;
    if (tally.wave == 0)
        return look_for_surge(connection, settings, &tally, failure, outcome, error);
    if (failure->at < row.began)
        return true;
    outcome->wave = tally.wave;
    return note_failure(connection, tally.wave, failure->at, surge_goes_on(tally.hour, row.level), error);
}

bool guard_believes(struct connection *connection, gint64 wave, gint64 now, bool *believes, GError **error)
{
    struct row row;

    *believes = false;
    if (!read_wave(connection, wave, &row, error))
        return false;
    /* One that is on may be over, and nobody has noticed. */
    gint64 end = row.ended != 0 ? row.ended : surge_end(row.began, row.last);
    *believes = now >= end + DAY;
    return true;
}

bool guard_end(struct connection *connection, gint64 now, GError **error)
{
    g_autoptr(GArray) on = g_array_new(FALSE, FALSE, sizeof(struct tally));
    struct query query = query_new(connection, SQL_TALLIES_OF_WAVES);
    bool found = true;

    while (found) {
        if (!query_step(&query, &found, error))
            return false;
        if (!found)
            break;
        const struct tally tally = {.id = query_number_at(&query, 0), .wave = query_number_at(&query, 1)};
        g_array_append_val(on, tally);
    }
    for (guint i = 0; i < on->len; i++) {
        struct row row;

        if (!look_at_wave(connection, &g_array_index(on, struct tally, i), now, &row, error))
            return false;
    }
    return true;
}
