#include "store/feed.h"

#include "store/ledger/marks.h"
#include "store/ledger/state.h"
#include "store/store.h"

void feed_state_free(struct feed_state *state)
{
    if (state == NULL)
        return;
    g_free(state->name);
    g_free(state->error);
    g_free(state);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static struct feed_state *read_state(const struct query *query)
{
    struct feed_state *state = g_new0(struct feed_state, 1);

    state->name = g_strdup(query_text_at(query, 0));
    state->turn = query_number_at(query, 1);
    state->paused = query_number_at(query, 2) != 0;
    state->asked = query_number_at(query, 3);
    state->tested = query_number_at(query, 4);
    state->position =
        (struct store_position){query_number_at(query, 5), query_number_at(query, 6), query_number_at(query, 14)};
    state->dead = query_number_at(query, 7) != 0;
    state->failing_since = query_number_at(query, 8);
    state->attempts = (unsigned)query_number_at(query, 9);
    state->tried = query_number_at(query, 10);
    state->next = query_number_at(query, 11);
    state->delivered = query_number_at(query, 12);
    state->error = g_strdup(query_text_at(query, 13));
    return state;
}

/* Of one name, NULL: of all. */
static GPtrArray *read_states(struct store *store, const char *name, GError **error)
{
    g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func((GDestroyNotify)feed_state_free);
    struct query query = query_new(store->connection, SQL_FEEDS);
    bool row = true;

    query_text(&query, name);
    while (row) {
        if (!query_step(&query, &row, error))
            return NULL;
        if (row)
            g_ptr_array_add(states, read_state(&query));
    }
    return g_steal_pointer(&states);
}

GPtrArray *store_feeds(struct store *store, GError **error)
{
    return read_states(store, NULL, error);
}

struct feed_state *store_feed_find(struct store *store, const char *name, GError **error)
{
    g_autoptr(GPtrArray) states = read_states(store, name, error);

    return states != NULL && states->len > 0 ? g_ptr_array_steal_index(states, 0) : NULL;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* Runs what changes the row of `name` and no other, in a transaction of its own. */
static bool change(struct store *store, struct query *query, const char *name, bool *found, GError **error)
{
    if (!store_begin(store, error))
        return false;
    query_text(query, name);
    if (!query_run(query, error))
        return store_undo(store);
    *found = connection_changes(store->connection) == 1;
    return store_commit(store, error);
}

struct feed_state *store_feed_open(struct store *store, const char *name, GError **error)
{
    GError *bad = NULL;
    struct feed_state *state = store_feed_find(store, name, &bad);
    bool made;

    if (state != NULL)
        return state;
    if (bad != NULL) {
        g_propagate_error(error, bad);
        return NULL;
    }
    struct query query = query_new(store->connection, SQL_ADD_FEED);
    return change(store, &query, name, &made, error) ? store_feed_find(store, name, error) : NULL;
}

static bool save(struct store *store, const struct feed_state *state, GError **error)
{
    struct query query = query_new(store->connection, SQL_SAVE_FEED);
    const gint64 numbers[] = {state->turn, state->tested,        state->position.event, state->position.change,
                              state->dead, state->failing_since, state->attempts,       state->tried,
                              state->next, state->delivered};

    query_text(&query, state->name);
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        query_number(&query, numbers[i]);
    query_text_within(&query, state->error, STORE_TEXT_MAX);
    return query_run(&query, error);
}

bool store_feeds_save(struct store *store, const GPtrArray *states, GError **error)
{
    if (!store_begin(store, error))
        return false;
    for (guint i = 0; i < states->len; i++) {
        if (!save(store, g_ptr_array_index(states, i), error))
            return store_undo(store);
    }
    return store_commit(store, error);
}

bool store_feed_pause(struct store *store, const char *name, bool *found, GError **error)
{
    struct query query = query_new(store->connection, SQL_PAUSE_FEED);

    return change(store, &query, name, found, error);
}

bool store_feed_resume(struct store *store, const char *name, bool *found, GError **error)
{
    struct query query = query_new(store->connection, SQL_RESUME_FEED);

    return change(store, &query, name, found, error);
}

bool store_feed_test(struct store *store, const char *name, gint64 now, bool *found, GError **error)
{
    struct query query = query_new(store->connection, SQL_TEST_FEED);

    query_number(&query, now);
    return change(store, &query, name, found, error);
}

bool store_feed_replay(struct store *store, const char *name, const struct store_position *position, bool *found,
                       GError **error)
{
    struct marks marks;

    if (!marks_read_now(store->connection, &marks, error))
        return false;
    if (position->timeline != marks.timeline) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_GONE, "the position is of another database");
        return false;
    }
    struct query query = query_new(store->connection, SQL_REPLAY_FEED);
    query_number(&query, position->event);
    query_number(&query, position->change);
    return change(store, &query, name, found, error);
}

bool store_feed_drop(struct store *store, const char *name, bool *found, GError **error)
{
    struct query query = query_new(store->connection, SQL_DROP_FEED);

    return change(store, &query, name, found, error);
}

/* --- lag ---------------------------------------------------------------------------------------------------------- */

bool store_feed_lag(struct store *store, const struct store_position *position, struct feed_lag *lag, GError **error)
{
    struct query query = query_new(store->connection, SQL_OLDEST_AFTER);
    struct marks marks;
    bool row;

    query_number(&query, position->event);
    query_number(&query, position->change);
    if (!query_step(&query, &row, error))
        return false;
    lag->oldest = query_number_at(&query, 0);
    query_end(&query);
    if (!marks_read(store->connection, &marks, error))
        return false;
    lag->events = lag->oldest == 0 ? 0 : MAX(marks.events.last - position->event, 0);
    lag->changes = lag->oldest == 0 ? 0 : MAX(marks.changes.last - position->change, 0);
    return true;
}
