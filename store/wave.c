#include "store/wave.h"

#include "store/store.h"
#include "store/waves/holding.h"

void wave_free(struct wave *wave)
{
    if (wave == NULL)
        return;
    g_free(wave->receiver);
    g_free(wave->rule);
    g_free(wave);
}

static struct wave *read_wave(const struct query *query)
{
    struct wave *wave = g_new0(struct wave, 1);
    gint64 *const numbers[] = {&wave->began,    &wave->raised,   &wave->ended,     &wave->closed,  &wave->level,
                               &wave->baseline, &wave->failures, &wave->confirmed, &wave->dropped, &wave->held};

    wave->id = query_number_at(query, 0);
    wave->receiver = g_strdup(query_text_at(query, 1));
    wave->rule = g_strdup(query_text_at(query, 2));
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        *numbers[i] = query_number_at(query, (int)i + 3);
    return wave;
}

static GPtrArray *read_waves(struct query *query, GError **error)
{
    g_autoptr(GPtrArray) waves = g_ptr_array_new_with_free_func((GDestroyNotify)wave_free);
    bool row = true;

    while (row) {
        if (!query_step(query, &row, error))
            return NULL;
        if (row)
            g_ptr_array_add(waves, read_wave(query));
    }
    return g_steal_pointer(&waves);
}

GPtrArray *wave_list(struct store *store, gint64 before, unsigned limit, GError **error)
{
    struct query query = query_new(store->connection, SQL_WAVES);

    query_number(&query, before > 0 ? before : G_MAXINT64);
    query_number(&query, limit);
    return read_waves(&query, error);
}

struct wave *wave_find(struct store *store, gint64 id, GError **error)
{
    struct query query = query_new(store->connection, SQL_WAVE);

    query_number(&query, id);
    g_autoptr(GPtrArray) waves = read_waves(&query, error);
    return waves != NULL && waves->len > 0 ? g_ptr_array_steal_index(waves, 0) : NULL;
}

GPtrArray *wave_subjects(struct store *store, gint64 id, unsigned limit, GError **error)
{
    struct query query = query_new(store->connection, SQL_ENTRIES_OF_WAVE);
    g_autoptr(GPtrArray) subjects = g_ptr_array_new_with_free_func(g_free);
    bool row = true;

    query_number(&query, id);
    query_number(&query, limit);
    while (row) {
        if (!query_step(&query, &row, error))
            return NULL;
        if (row)
            g_ptr_array_add(subjects, g_strdup(query_text_at(&query, 0)));
    }
    return g_steal_pointer(&subjects);
}

bool wave_count(struct store *store, gint64 *n, GError **error)
{
    return connection_number(store->connection, SQL_COUNT_WAVES, n, error);
}

/* --- by hand ------------------------------------------------------------------------------------------------------ */

bool wave_confirm(struct store *store, gint64 id, const struct store_order *order, unsigned limit, unsigned *n,
                  GError **error)
{
    return store_begin(store, error) && (holding_confirm(store, id, order, limit, n, error) || store_undo(store)) &&
           store_commit(store, error);
}

bool wave_drop(struct store *store, gint64 id, const struct store_order *order, unsigned limit, unsigned *n,
               GError **error)
{
    return store_begin(store, error) && (holding_drop(store, id, order, limit, n, error) || store_undo(store)) &&
           store_commit(store, error);
}

/* --- news --------------------------------------------------------------------------------------------------------- */

GPtrArray *wave_news(struct store *store, GError **error)
{
    struct query query = query_new(store->connection, SQL_WAVES_NEWS);

    return read_waves(&query, error);
}

static bool note_told(struct store *store, const struct wave *wave, GError **error)
{
    struct query query = query_new(store->connection, SQL_WAVE_TOLD);

    query_number(&query, wave->id);
    query_number(&query, wave->ended != 0);
    return query_run(&query, error);
}

bool wave_told(struct store *store, const struct wave *wave, GError **error)
{
    return store_begin(store, error) && (note_told(store, wave, error) || store_undo(store)) &&
           store_commit(store, error);
}
