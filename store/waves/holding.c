#include "store/waves/holding.h"

#include "store/undoing/image.h"
#include "store/waves/guard.h"

/* The key of an entry, and the event that it is of. */
struct entry {
    char *subject;
    char *scope;
    gint64 event;
};

static void clear_entry(void *data)
{
    struct entry *entry = data;

    g_free(entry->subject);
    g_free(entry->scope);
}

/* All rows of a query for entries, before the list is changed. */
static GArray *read_entries(struct query *query, GError **error)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
    bool row = true;

    g_array_set_clear_func(entries, clear_entry);
    while (row) {
        if (!query_step(query, &row, error))
            return NULL;
        if (!row)
            break;
        const struct entry entry = {.subject = g_strdup(query_text_at(query, 0)),
                                    .scope = g_strdup(query_text_at(query, 1)),
                                    .event = query_number_at(query, 2)};
        g_array_append_val(entries, entry);
    }
    return g_steal_pointer(&entries);
}

static struct suppression entry_of(const GArray *entries, guint i)
{
    const struct entry *entry = &g_array_index(entries, struct entry, i);

    return (struct suppression){.subject = entry->subject, .scope = entry->scope};
}

static struct list_cause policy_cause(gint64 now, const char *note)
{
    return (struct list_cause){.who = LIST_POLICY, .door = STORE_DOOR_POLICY, .note = note, .now = now};
}

static bool run_on_wave(struct connection *connection, enum sql sql, gint64 wave, GError **error)
{
    struct query query = query_new(connection, sql);

    query_number(&query, wave);
    return query_run(&query, error);
}

bool holding_note_confirmed(struct connection *connection, gint64 wave, GError **error)
{
    return run_on_wave(connection, SQL_WAVE_CONFIRMED, wave, error);
}

/* --- a failure ---------------------------------------------------------------------------------------------------- */

static bool mark_event(struct connection *connection, gint64 event, gint64 wave, GError **error)
{
    struct query query = query_new(connection, SQL_EVENT_HOLD);

    query_text(&query, policy_effect_names[POLICY_HELD]);
    query_number(&query, wave);
    query_number(&query, event);
    return query_run(&query, error);
}

/* The entries of the hour before are not held yet. */
static bool find_first(struct store *store, const struct guard_failure *failure, const struct guard_outcome *outcome,
                       GError **error)
{
    struct query query = query_new(store->connection, SQL_WAVE_FIRST);

    query_text(&query, failure->receiver);
    query_text(&query, failure->rule);
    query_number(&query, outcome->began);
    query_number(&query, outcome->wave);
    return query_run(&query, error);
}

static bool hold_before(struct store *store, const struct guard_failure *failure, const struct guard_outcome *outcome,
                        GError **error)
{
    g_autofree char *note = g_strdup_printf("wave %" G_GINT64_FORMAT, outcome->wave);
    const struct list_cause cause = policy_cause(failure->now, note);
    struct query query = query_new(store->connection, SQL_ENTRIES_BEFORE_WAVE);

    query_text(&query, failure->receiver);
    query_text(&query, failure->rule);
    query_number(&query, outcome->began);
    g_autoptr(GArray) entries = read_entries(&query, error);
    bool good = entries != NULL;
    for (guint i = 0; good && i < entries->len; i++) {
        const struct suppression entry = entry_of(entries, i);

        good = list_hold(store->connection, &entry, outcome->wave, &cause, error) &&
               mark_event(store->connection, g_array_index(entries, struct entry, i).event, outcome->wave, error);
    }
    return good;
}

bool holding_count(struct store *store, const struct store_message *message, const struct event *event, gint64 *wave,
                   GError **error)
{
    /* Files that are read at one time tell of many. */
    bool read = message->batch != NULL && event->occurred != 0;
    const struct guard_failure failure = {
        .receiver = event->receiver,
        .rule = event->rule,
        .at = read ? MIN(event->occurred, message->received) : message->received,
        .now = message->received,
        .proven = event->evidence != REPORT_EVIDENCE_UNPROVEN && !event->confined,
        .confined = event->confined,
    };
    struct guard_outcome outcome;

    *wave = 0;
    if (store->waves == NULL || failure.receiver == NULL || failure.rule == NULL)
        return true;
    if (!guard_count(store->connection, store->waves, &failure, &outcome, error))
        return false;
    *wave = outcome.wave;
    return !outcome.begins ||
           (find_first(store, &failure, &outcome, error) && hold_before(store, &failure, &outcome, error));
}

/* --- a success ---------------------------------------------------------------------------------------------------- */

static bool drop(struct store *store, const struct suppression *entry, gint64 wave, const struct list_cause *cause,
                 GError **error)
{
    return list_remove(store->connection, entry, cause, error) &&
           run_on_wave(store->connection, SQL_WAVE_DROPPED, wave, error);
}

bool holding_release(struct store *store, const char *recipient, const char *scope, const struct list_cause *of,
                     GError **error)
{
    struct query query = query_new(store->connection, SQL_HELD_OF_RECIPIENT);

    query_text(&query, recipient);
    query_text(&query, scope);
    /* The third column is the wave. */
    g_autoptr(GArray) entries = read_entries(&query, error);
    bool good = entries != NULL;
    for (guint i = 0; good && i < entries->len; i++) {
        const struct suppression entry = entry_of(entries, i);
        gint64 wave = g_array_index(entries, struct entry, i).event;
        g_autofree char *note = g_strdup_printf("wave %" G_GINT64_FORMAT ": mail went through", wave);
        struct list_cause cause = policy_cause(of->now, note);

        cause.event = of->event;
        cause.message = of->message;
        good = drop(store, &entry, wave, &cause, error);
    }
    return good;
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static GArray *read_held(struct store *store, gint64 wave, unsigned limit, GError **error)
{
    struct query query = query_new(store->connection, SQL_ENTRIES_OF_WAVE);

    query_number(&query, wave);
    query_number(&query, limit);
    return read_entries(&query, error);
}

static bool drop_some(struct store *store, gint64 wave, gint64 now, unsigned limit, unsigned *n, GError **error)
{
    g_autofree char *note = g_strdup_printf("wave %" G_GINT64_FORMAT ": no other failure", wave);
    const struct list_cause cause = policy_cause(now, note);
    g_autoptr(GArray) entries = read_held(store, wave, limit, error);
    bool good = entries != NULL;

    for (guint i = 0; good && i < entries->len; i++) {
        const struct suppression entry = entry_of(entries, i);
        good = drop(store, &entry, wave, &cause, error);
    }
    *n = good ? entries->len : 0;
    return good;
}

/* The first wave whose entries have waited for `hold`; 0: none. */
static bool find_waited(struct store *store, gint64 now, gint64 *wave, GError **error)
{
    struct query query = query_new(store->connection, SQL_WAVE_WAITED);
    bool row;

    *wave = 0;
    query_number(&query, now - store->waves->hold);
    if (!query_step(&query, &row, error))
        return false;
    if (row) {
        *wave = query_number_at(&query, 0);
        query_end(&query);
    }
    return true;
}

static bool close_wave(struct store *store, gint64 wave, gint64 now, GError **error)
{
    struct query query = query_new(store->connection, SQL_WAVE_CLOSE);

    query_number(&query, now);
    query_number(&query, wave);
    return query_run(&query, error);
}

bool holding_tidy(struct store *store, gint64 now, unsigned limit, bool *more, GError **error)
{
    unsigned n = 0;
    gint64 wave;

    if (store->waves == NULL)
        return true;
    if (!guard_end(store->connection, now, error) || !tally_tidy(store->connection, now, limit, more, error) ||
        !find_waited(store, now, &wave, error))
        return false;
    if (wave == 0)
        return true;
    *more = true;
    return drop_some(store, wave, now, limit, &n, error) && (n == limit || close_wave(store, wave, now, error));
}

/* --- by hand ------------------------------------------------------------------------------------------------------ */

/* An operator's decision about a wave. */
struct decision {
    struct store *store;
    gint64 wave;
    struct list_cause cause;
    gint64 batch; /* its number; 0: it cannot be undone */
};

typedef bool settle(const struct decision *decision, const struct entry *entry, GError **error);

static bool name_batch(struct decision *decision, GError **error)
{
    struct connection *connection = decision->store->connection;
    struct query query = query_new(connection, SQL_BATCH_OF_WAVE);

    if (!image_batch(connection, &decision->cause, &decision->batch, error))
        return false;
    query_number(&query, decision->wave);
    query_number(&query, decision->batch);
    return query_run(&query, error);
}

/* `entries` may be NULL: they could not be read. */
static bool settle_all(struct store *store, gint64 wave, const struct store_order *order, const GArray *entries,
                       settle *settle_one, GError **error)
{
    struct decision decision = {
        .store = store,
        .wave = wave,
        .cause =
            {.who = order->who, .door = order->door, .note = order->note, .batch = order->batch, .now = order->now},
    };
    bool good = entries != NULL && (entries->len == 0 || name_batch(&decision, error));

    for (guint i = 0; good && i < entries->len; i++)
        good = settle_one(&decision, &g_array_index(entries, struct entry, i), error);
    return good;
}

/* From now on its event is as any other that suppresses. */
static bool confirm_one(const struct decision *decision, const struct entry *entry, GError **error)
{
    const struct suppression key = {.subject = entry->subject, .scope = entry->scope};
    struct connection *connection = decision->store->connection;

    return image_event(connection, decision->batch, entry->event, error) &&
           list_confirm(connection, &key, &decision->cause, error) &&
           holding_note_confirmed(connection, decision->wave, error) &&
           run_on_wave(connection, SQL_EVENT_LET_GO, entry->event, error);
}

static bool drop_one(const struct decision *decision, const struct entry *entry, GError **error)
{
    const struct suppression key = {.subject = entry->subject, .scope = entry->scope};

    return drop(decision->store, &key, decision->wave, &decision->cause, error) &&
           image_forgive(decision->store->connection, &decision->cause, &key, error);
}

bool holding_confirm(struct store *store, gint64 wave, const struct store_order *order, unsigned limit, unsigned *n,
                     GError **error)
{
    g_autoptr(GArray) entries = read_held(store, wave, limit, error);

    *n = entries != NULL ? entries->len : 0;
    return settle_all(store, wave, order, entries, confirm_one, error);
}

bool holding_drop(struct store *store, gint64 wave, const struct store_order *order, unsigned limit, unsigned *n,
                  GError **error)
{
    g_autoptr(GArray) entries = read_held(store, wave, limit, error);

    *n = entries != NULL ? entries->len : 0;
    return settle_all(store, wave, order, entries, drop_one, error);
}
