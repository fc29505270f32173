#include "store/undoing/restoration.h"

#include <string.h>

#include "store/entry_key.h"
#include "store/ledger/list.h"
#include "store/undoing/image.h"

/* A change of the entry. */
struct logged {
    gint64 sequence;
    gint64 since, until, cause, wave, event;
    enum reason reason;
    bool added, removed, expired; /* which change; if none of them, another that leaves an entry */
    bool lists;                   /* there is an entry behind it */
    bool ours;                    /* the batch made it */
    bool undone;                  /* the batch that undoes ours made it */
    bool lapsed;                  /* a batch that was undone made it, or one that undid another */
};

struct log {
    GArray *rows; /* of struct logged, the first is the oldest */
    char *subject;
    char *scope; /* as the database has it */
};

static void take_row(const struct restoration *restoration, struct log *log, const struct query *query)
{
    const char *change = query_text_at(query, 1), *batch = query_text_at(query, 2);
    struct logged row = {
        .sequence = query_number_at(query, 0),
        .until = query_number_at(query, 3),
        .reason = event_value(reason_names, query_text_at(query, 6)),
        .since = query_number_at(query, 7),
        .cause = query_number_at(query, 8),
        .wave = query_number_at(query, 9),
        .event = query_number_at(query, 10),
        .lapsed = query_number_at(query, 11) != 0,
        .added = strcmp(change, "add") == 0,
        .removed = strcmp(change, "remove") == 0,
        .expired = strcmp(change, "expire") == 0,
    };

    row.lists = !row.removed && !row.expired && strcmp(change, "forget") != 0;
    row.ours = !row.expired && strcmp(batch, restoration->batch) == 0;
    row.undone = !row.expired && g_strcmp0(batch, restoration->undone_by) == 0;
    g_array_append_val(log->rows, row);
    if (log->subject != NULL)
        return;
    log->subject = g_strdup(query_text_at(query, 4));
    log->scope = g_strdup(query_text_at(query, 5));
}

static bool read_log(const struct restoration *restoration, gint64 sequence, struct log *log, GError **error)
{
    struct query query = query_new(restoration->store->connection, SQL_LOG_OF_CHANGE);
    bool row = true;

    query_number(&query, sequence);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        if (row)
            take_row(restoration, log, &query);
    }
    return true;
}

static const struct logged *at(const struct log *log, guint index)
{
    return &g_array_index(log->rows, struct logged, index);
}

/* The entry before a change, as the log has it. */
struct before {
    const struct logged *entry; /* NULL: there was none */
    bool known;
};

static struct before find_before(const struct log *log, guint first, gint64 now)
{
    const struct logged *change = at(log, first);
    const struct logged *entry = change->removed ? change : first > 0 ? at(log, first - 1) : NULL;
    struct before before = {.known = entry != NULL || change->added};

    if (entry != NULL && (entry->removed ? entry == change : entry->lists) && (entry->until == 0 || entry->until > now))
        before.entry = entry;
    return before;
}

static bool same_entry(const struct logged *one, const struct logged *other)
{
    return one->lists == other->lists &&
           (!one->lists || (one->since == other->since && one->until == other->until && one->cause == other->cause &&
                            one->wave == other->wave && one->event == other->event));
}

/* Did anything but the batch change the entry behind its first change? Not so what was undone, if it was. */
static bool changed_since(const struct log *log, guint first, bool *undone)
{
    guint left = first;
    bool changed = false;

    *undone = false;
    for (guint i = first + 1; i < log->rows->len; i++) {
        *undone = *undone || at(log, i)->undone;
        changed = changed || (!at(log, i)->ours && !at(log, i)->lapsed);
        left = at(log, i)->ours ? i : left;
    }
    return changed || !same_entry(at(log, left), at(log, log->rows->len - 1));
}

static enum reversal_effect effect_of(bool changed, struct before before, bool listed)
{
    if (changed || !before.known)
        return REVERSAL_STAYS;
    return before.entry == NULL ? REVERSAL_GOES : listed ? REVERSAL_CHANGES : REVERSAL_RETURNS;
}

/* The entry that a wave holds again; `in_force`: it was put in force meanwhile. */
static bool hold_again(const struct restoration *restoration, gint64 wave, bool in_force, GError **error)
{
    struct query query = query_new(restoration->store->connection, SQL_WAVE_HOLD_AGAIN);

    query_number(&query, wave);
    query_number(&query, restoration->number);
    query_number(&query, in_force);
    return query_run(&query, error);
}

static bool change_entry(const struct restoration *restoration, const struct log *log, struct before before,
                         bool listed, GError **error)
{
    struct connection *connection = restoration->store->connection;
    const struct revision_order *order = restoration->order;
    gint64 wave = before.entry != NULL ? before.entry->wave : 0;
    const struct suppression entry = {.subject = log->subject, .scope = log->scope, .wave = wave};
    const struct list_cause cause = {
        .who = order->who, .door = order->door, .note = order->note, .batch = order->batch, .now = order->now};
    bool good = before.entry != NULL ? list_restore(connection, &entry, before.entry->sequence, listed, &cause, error)
                                     : list_remove(connection, &entry, &cause, error);

    good = good && (wave == 0 || hold_again(restoration, wave, listed, error));
    return good && (restoration->number == 0 ||
                    image_restore_forgiven(connection, restoration->number, entry.subject, entry.scope, error));
}

static bool restore(const struct restoration *restoration, gint64 sequence, const struct log *log,
                    struct reversal_listing *listing, bool *listed, GError **error)
{
    guint first = 0;
    bool undone;

    *listed = false;
    while (first < log->rows->len && !at(log, first)->ours)
        first++;
    if (first == log->rows->len || at(log, first)->sequence != sequence)
        return true;
    const struct logged *last = at(log, log->rows->len - 1);
    struct before before = find_before(log, first, restoration->now);
    bool changed = changed_since(log, first, &undone);
    if (undone || (before.known && before.entry == NULL && !last->lists))
        return true;
    *listed = true;
    listing->effect = effect_of(changed, before, last->lists);
    listing->reason = before.entry != NULL ? before.entry->reason : last->reason;
    return restoration->order == NULL || listing->effect == REVERSAL_STAYS ||
           change_entry(restoration, log, before, last->lists, error);
}

bool restoration_run(const struct restoration *restoration, gint64 sequence, struct reversal_listing *listing,
                     GStringChunk *strings, bool *listed, GError **error)
{
    struct log log = {.rows = g_array_new(FALSE, FALSE, sizeof(struct logged))};
    bool good =
        read_log(restoration, sequence, &log, error) && restore(restoration, sequence, &log, listing, listed, error);

    if (good && *listed) {
        listing->subject = g_string_chunk_insert(strings, log.subject);
        listing->scope = g_string_chunk_insert_const(strings, entry_scope_text(log.scope));
    }
    g_array_unref(log.rows);
    g_free(log.subject);
    g_free(log.scope);
    return good;
}
