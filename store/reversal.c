#include "store/reversal.h"

#include "store/ledger/counter.h"
#include "store/ledger/row.h"
#include "store/undoing/image.h"
#include "store/undoing/restoration.h"

struct reversal {
    struct store *store;
    char *batch;
    char *undone_by;
    gint64 number;   /* 0: the database knows it by its changes alone */
    gint64 events;   /* that it doubts */
    GArray *changes; /* of gint64: the numbers of those that it made */
    guint done;      /* of them */
    GArray *listings;
    GStringChunk *strings;
};

bool reversal_named(struct store *store, const char *name, bool *named, GError **error)
{
    struct query query = query_new(store->connection, SQL_BATCH_NAMED);

    query_text(&query, name);
    if (!query_step(&query, named, error))
        return false;
    query_end(&query);
    return true;
}

static bool read_number(struct reversal *reversal, GError **error)
{
    struct query query = query_new(reversal->store->connection, SQL_BATCH_NUMBER);
    bool found;

    query_text(&query, reversal->batch);
    if (!query_step(&query, &found, error))
        return false;
    if (!found)
        return true;
    reversal->number = query_number_at(&query, 0);
    reversal->undone_by = g_strdup(query_text_at(&query, 1));
    query_end(&query);
    struct query count = query_new(reversal->store->connection, SQL_IMAGES);
    query_number(&count, reversal->number);
    query_text(&count, reversal->batch);
    if (!query_step(&count, &found, error))
        return false;
    reversal->events = query_number_at(&count, 0);
    query_end(&count);
    return true;
}

static bool read_changes(struct reversal *reversal, GError **error)
{
    struct query query = query_new(reversal->store->connection, SQL_BATCH_CHANGES);
    bool row = true;

    query_text(&query, reversal->batch);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        gint64 sequence = row ? query_number_at(&query, 0) : 0;
        if (row)
            g_array_append_val(reversal->changes, sequence);
    }
    return true;
}

static bool find_undoable(const struct reversal *reversal, enum undoable *undoable, GError **error)
{
    struct query query = query_new(reversal->store->connection, SQL_UNDOES);
    bool undoes;

    query_text(&query, reversal->batch);
    if (!query_step(&query, &undoes, error))
        return false;
    query_end(&query);
    *undoable = undoes                                                 ? UNDOABLE_UNDOES
                : reversal->number == 0 && reversal->changes->len == 0 ? UNDOABLE_UNKNOWN
                                                                       : UNDOABLE_YES;
    return true;
}

struct reversal *reversal_new(struct store *store, const char *batch, enum undoable *undoable, GError **error)
{
    struct reversal *reversal = g_new0(struct reversal, 1);

    reversal->store = store;
    reversal->batch = g_strdup(batch);
    reversal->changes = g_array_new(FALSE, FALSE, sizeof(gint64));
    reversal->listings = g_array_new(FALSE, FALSE, sizeof(struct reversal_listing));
    reversal->strings = g_string_chunk_new(4096);
    if (read_number(reversal, error) && read_changes(reversal, error) && find_undoable(reversal, undoable, error))
        return reversal;
    reversal_free(reversal);
    return NULL;
}

void reversal_free(struct reversal *reversal)
{
    if (reversal == NULL)
        return;
    g_free(reversal->batch);
    g_free(reversal->undone_by);
    g_array_unref(reversal->changes);
    g_array_unref(reversal->listings);
    g_string_chunk_free(reversal->strings);
    g_free(reversal);
}

const char *reversal_begun(const struct reversal *reversal)
{
    return reversal->undone_by;
}

gint64 reversal_events(const struct reversal *reversal)
{
    return reversal->events;
}

const struct reversal_listing *reversal_listings(const struct reversal *reversal, guint *n)
{
    *n = reversal->listings->len;
    return (const struct reversal_listing *)(const void *)reversal->listings->data;
}

void reversal_forget_listings(struct reversal *reversal)
{
    g_array_set_size(reversal->listings, 0);
    g_string_chunk_clear(reversal->strings);
}

void reversal_move(struct reversal *reversal, struct store *store)
{
    reversal->store = store;
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

static bool take_changes(struct reversal *reversal, const struct revision_order *order, gint64 now, guint limit,
                         GError **error)
{
    const struct restoration restoration = {reversal->store,     reversal->batch, reversal->number,
                                            reversal->undone_by, order,           now};
    guint until = reversal->done + MIN(limit, reversal->changes->len - reversal->done);

    for (; reversal->done < until; reversal->done++) {
        gint64 sequence = g_array_index(reversal->changes, gint64, reversal->done);
        struct reversal_listing listing;
        bool listed;

        if (!restoration_run(&restoration, sequence, &listing, reversal->strings, &listed, error))
            return false;
        if (listed)
            g_array_append_val(reversal->listings, listing);
    }
    return true;
}

/* --- the events --------------------------------------------------------------------------------------------------- */

/* A repetition is in no figures, and one that is none is. */
static bool count_anew(struct store *store, gint64 id, enum policy_effect effect, GError **error)
{
    struct query query = query_new(store->connection, SQL_EVENT);
    struct stored_event row;
    bool found;

    query_number(&query, id);
    if (!query_step(&query, &found, error))
        return false;
    if (!found)
        return true;
    row_event(&query, &row);
    bool was = row.effect != POLICY_REPEATED, is = effect != POLICY_REPEATED;
    bool good = was == is || (is ? counter_add : counter_take)(store, &row.event, row.received, error);
    query_end(&query);
    return good;
}

static bool believe(struct reversal *reversal, gint64 id, GError **error)
{
    struct connection *connection = reversal->store->connection;
    struct image image;

    if (!image_read(connection, reversal->number, id, &image, error))
        return false;
    if (!image.found)
        return true;
    return (!image.stands || count_anew(reversal->store, id, image.effect, error)) &&
           image_restore_event(connection, reversal->number, reversal->batch, id, image.stands, error);
}

/* Those that are next, and when all are done, what they cleared. */
static bool take_events(struct reversal *reversal, guint limit, bool *left, GError **error)
{
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(gint64));
    guint n = 0;

    if (!image_events(reversal->store->connection, reversal->number, limit, events, error))
        return false;
    for (guint i = 0; i < events->len; i++) {
        if (!believe(reversal, g_array_index(events, gint64, i), error))
            return false;
    }
    if (events->len == 0 && !image_restore_cleared(reversal->store->connection, reversal->number, limit, &n, error))
        return false;
    *left = events->len > 0 || n == limit;
    return true;
}

/* --- going through ------------------------------------------------------------------------------------------------ */

bool reversal_preview(struct reversal *reversal, gint64 now, guint limit, bool *left, GError **error)
{
    bool good = take_changes(reversal, NULL, now, limit, error);

    *left = good && reversal->done < reversal->changes->len;
    return good;
}

/* At first, so that its own changes are known as such from then on. */
static bool mark(struct reversal *reversal, const struct revision_order *order, GError **error)
{
    struct query query = query_new(reversal->store->connection, SQL_SET_UNDONE);
    const struct list_cause undone = {.batch = reversal->batch, .now = order->now};

    if (reversal->undone_by != NULL)
        return true;
    if (!image_batch(reversal->store->connection, &undone, &reversal->number, error))
        return false;
    query_number(&query, reversal->number);
    query_text(&query, order->batch);
    return query_run(&query, error);
}

static bool take_some(struct reversal *reversal, const struct revision_order *order, guint limit, bool *left,
                      GError **error)
{
    *left = true;
    if (!mark(reversal, order, error))
        return false;
    if (reversal->done < reversal->changes->len)
        return take_changes(reversal, order, order->now, limit, error);
    return take_events(reversal, limit, left, error);
}

bool reversal_apply(struct reversal *reversal, const struct revision_order *order, guint limit, bool *left,
                    GError **error)
{
    guint done = reversal->done, listings = reversal->listings->len;
    gint64 number = reversal->number;

    if (!store_begin(reversal->store, error))
        return false;
    if (!take_some(reversal, order, limit, left, error)) {
        store_rollback(reversal->store);
    } else if (store_commit(reversal->store, error)) {
        if (reversal->undone_by == NULL)
            reversal->undone_by = g_strdup(order->batch);
        return true;
    }
    reversal->done = done;
    reversal->number = number;
    g_array_set_size(reversal->listings, listings);
    return false;
}
