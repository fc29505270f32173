#include "store/import.h"

#include <string.h>

#include "store/adding/addition.h"
#include "store/entry_key.h"
#include "store/ledger/list.h"
#include "store/ledger/state.h"
#include "store/privacy/tombstone.h"
#include "store/store.h"

enum { CAUSES = 8 }; /* most lists have few */

struct import {
    struct store *store;
    struct import_settings settings;
    GHashTable *messages; /* stream to where its events come from, struct addition_origin * */
    struct {
        struct suppression entry; /* that has it; its texts are those of the run */
        gint64 number;            /* list_number(); 0: none */
    } causes[CAUSES];
    unsigned next_cause;                               /* the place that is used next */
    struct list_newcomer newcomers[NEWCOMERS_AT_ONCE]; /* that are to be written */
    guint n_newcomers;
    GArray *forgotten; /* of struct suppression */
};

struct import *import_new(struct store *store, const struct import_settings *settings)
{
    struct import *import = g_new0(struct import, 1);

    g_assert(store != NULL || settings->batch == NULL);
    import->store = store;
    import->settings = *settings;
    import->messages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    import->forgotten = g_array_new(FALSE, FALSE, sizeof(struct suppression));
    return import;
}

void import_free(struct import *import)
{
    if (import == NULL)
        return;
    g_hash_table_unref(import->messages);
    g_array_unref(import->forgotten);
    g_free(import);
}

/* --- what is known of an entry beside what the list has: as an event, which counts nowhere ------------------------ */

/* One for all events of a stream. */
static const struct addition_origin *find_origin(struct import *import, const char *stream, GError **error)
{
    struct addition_origin *origin = g_hash_table_lookup(import->messages, stream != NULL ? stream : "");
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    const struct event event = {.stream = stream};
    guint8 digest[STORE_DIGEST_SIZE];
    gsize length = sizeof digest;

    if (origin != NULL)
        return origin;
    g_autofree char *nonce =
        g_strdup_printf("%s %s %08x%08x", import->settings.batch, stream, g_random_int(), g_random_int());
    g_checksum_update(sum, (const guchar *)nonce, -1);
    g_checksum_get_digest(sum, digest, &length);
    const struct store_message message = {.digest = digest, .received = import->settings.now, .source = "import"};
    origin = g_new(struct addition_origin, 1);
    g_hash_table_insert(import->messages, g_strdup(stream != NULL ? stream : ""), origin);
    return addition_message(import->store, &message, &event, origin, error) ? origin : NULL;
}

static enum report_kind kind_of(enum reason reason)
{
    if (reason == REASON_FEEDBACK)
        return REPORT_KIND_FEEDBACK;
    return reason == REASON_UNSUBSCRIBE ? REPORT_KIND_UNSUBSCRIBE : REPORT_KIND_BOUNCE;
}

static bool note_event(struct import *import, const struct suppression *entry, struct list_cause *cause, GError **error)
{
    const struct event event = {
        .recipient = entry_subject_kind(entry->subject) == ENTRY_SUBJECT_ADDRESS ? entry->subject : NULL,
        .kind = kind_of(entry->reason),
        .verdict = entry->verdict,
        .reason = entry->reason,
        .party = reason_row(entry->reason)->party,
        .rule = entry->rule,
        .diagnostic = entry->diagnostic,
        .occurred = entry->since,
        .evidence = REPORT_EVIDENCE_UNPROVEN,
    };

    if (entry->diagnostic == NULL && entry->rule == NULL && entry->stream == NULL)
        return true;
    const struct addition_origin *origin = find_origin(import, entry->stream, error);
    return origin != NULL && addition_event(import->store, origin, entry->scope, &event, &cause->event, error);
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

/* When a person last took the entry off by hand; 0: never. Bulk work that was undone is not that. */
static bool find_removal(struct import *import, const struct suppression *entry, gint64 *at, GError **error)
{
    struct query query = query_new(import->store->connection, SQL_REMOVED);
    bool row;

    *at = 0;
    query_text(&query, entry->subject);
    query_text(&query, entry->scope);
    if (!query_step(&query, &row, error))
        return false;
    if (row) {
        *at = query_number_at(&query, 0);
        query_end(&query);
    }
    return true;
}

/* The texts of many entries are the same ones. */
static bool same_cause(const struct suppression *a, const struct suppression *b)
{
    return a->reason == b->reason && a->verdict == b->verdict && a->policy == b->policy && a->who == b->who &&
           a->door == b->door && a->note == b->note && a->batch == b->batch;
}

static bool find_cause(struct import *import, const struct suppression *entry, gint64 *number, GError **error)
{
    for (unsigned i = 0; i < CAUSES; i++) {
        *number = import->causes[i].number;
        if (*number != 0 && same_cause(&import->causes[i].entry, entry))
            return true;
    }
    if (!list_number(import->store->connection, entry, number, error))
        return false;
    unsigned place = import->next_cause++ % CAUSES;
    import->causes[place].entry = *entry;
    import->causes[place].number = *number;
    return true;
}

static struct list_cause cause_of(const struct import *import)
{
    return (struct list_cause){.who = import->settings.who,
                               .door = import->settings.door,
                               .note = import->settings.note,
                               .batch = import->settings.batch,
                               .now = import->settings.now};
}

static bool put(struct import *import, const struct suppression *entry, const struct list_before *before, bool prolong,
                GError **error)
{
    struct list_cause cause = cause_of(import);

    if (import->settings.batch == NULL)
        return true;
    g_assert(import->store != NULL);
    if (prolong)
        return list_prolong(import->store->connection, entry, &cause, error);
    return note_event(import, entry, &cause, error) && find_cause(import, entry, &cause.number, error) &&
           list_put(import->store->connection, entry, before, &cause, error);
}

static bool put_newcomers(struct import *import, GError **error)
{
    const struct list_cause cause = cause_of(import);
    guint n = import->n_newcomers;

    if (n == 0)
        return true;
    g_assert(import->store != NULL);
    import->n_newcomers = 0;
    return list_put_new(import->store->connection, import->newcomers, n, &cause, error);
}

/* Some wait, so that they are written together. */
static bool put_new(struct import *import, const struct suppression *entry, GError **error)
{
    struct list_newcomer *newcomer = &import->newcomers[import->n_newcomers];
    struct list_cause cause = cause_of(import);

    if (import->settings.batch == NULL)
        return true;
    if (!note_event(import, entry, &cause, error) || !find_cause(import, entry, &newcomer->number, error))
        return false;
    newcomer->entry = *entry;
    newcomer->event = cause.event;
    return ++import->n_newcomers < NEWCOMERS_AT_ONCE || put_newcomers(import, error);
}

static bool waits(const struct import *import, const struct suppression *entry)
{
    for (guint i = 0; i < import->n_newcomers; i++) {
        const struct suppression *waiting = &import->newcomers[i].entry;
        if (g_ascii_strcasecmp(waiting->subject, entry->subject) == 0 && strcmp(waiting->scope, entry->scope) == 0)
            return true;
    }
    return false;
}

/* Does a forgotten address have an entry as long, by its hash? The list's own would bear its name again. */
static bool find_forgotten(struct import *import, const struct suppression *entry, bool *found, GError **error)
{
    struct store *store = import->store;

    *found = false;
    if (store == NULL || entry_subject_kind(entry->subject) != ENTRY_SUBJECT_ADDRESS)
        return true;
    g_array_set_size(import->forgotten, 0);
    g_string_chunk_clear(store->found);
    if (!state_take_subject(store, entry->subject, error) ||
        !tombstone_list(store, import->settings.now, import->forgotten, error))
        return false;
    for (guint i = 0; i < import->forgotten->len && !*found; i++) {
        const struct suppression *forgotten = &g_array_index(import->forgotten, struct suppression, i);
        *found = strcmp(entry_scope_key(forgotten->scope), entry->scope) == 0 &&
                 (forgotten->until == 0 || (entry->until != 0 && entry->until <= forgotten->until));
    }
    return true;
}

static bool add(struct import *import, struct suppression *entry, const struct list_before *before,
                enum import_outcome *outcome, GError **error)
{
    bool forgotten = false;
    gint64 removed = 0, known = entry->since != 0 ? entry->since : import->settings.known;

    *outcome = IMPORT_REMOVED;
    if (import->store != NULL && !find_removal(import, entry, &removed, error))
        return false;
    if (removed > known)
        return true;
    *outcome = IMPORT_LISTED;
    if (!find_forgotten(import, entry, &forgotten, error) || forgotten)
        return forgotten;
    *outcome = IMPORT_ADDED;
    if (entry->since == 0)
        entry->since = import->settings.now;
    return before->listed ? put(import, entry, before, false, error) : put_new(import, entry, error);
}

static bool take(struct import *import, struct suppression *entry, enum import_outcome *outcome, GError **error)
{
    struct list_before before = {0};
    gint64 until = entry->until;

    if (waits(import, entry) && !put_newcomers(import, error))
        return false;
    if (import->store != NULL && !list_read(import->store->connection, entry->subject, entry->scope, &before, error))
        return false;
    /* An entry that a wave holds was never in force: nothing of it counts. */
    if (before.wave != 0 || !list_holds(&before, import->settings.now))
        return add(import, entry, &before, outcome, error);
    enum list_change change = list_plan(&before, entry->verdict, import->settings.now, &until);
    if (change == LIST_KEEP) {
        bool same = before.until == entry->until && before.verdict == entry->verdict;
        *outcome = same ? IMPORT_LISTED : IMPORT_LONGER;
        return true;
    }
    *outcome = IMPORT_CHANGED;
    entry->until = until;
    return put(import, entry, &before, change == LIST_PROLONG, error);
}

static bool take_all(struct import *import, const struct suppression *entries, guint n, enum import_outcome *outcomes,
                     GError **error)
{
    for (guint i = 0; i < n; i++) {
        struct suppression entry = entries[i];

        entry.scope = entry_scope_key(entry.scope);
        if (entry.batch == NULL)
            entry.batch = import->settings.batch;
        if (!take(import, &entry, &outcomes[i], error))
            return false;
    }
    return put_newcomers(import, error);
}

bool import_take(struct import *import, const struct suppression *entries, guint n, enum import_outcome *outcomes,
                 GError **error)
{
    struct store *store = import->store;

    memset(import->causes, 0, sizeof import->causes); /* the texts may be others now */
    if (store == NULL)
        return take_all(import, entries, n, outcomes, error);
    if (import->settings.batch == NULL) {
        bool good = store_freeze(store, error) && take_all(import, entries, n, outcomes, error);
        store_thaw(store);
        return good;
    }
    if (!store_begin(store, error))
        return false;
    bool good = take_all(import, entries, n, outcomes, error);
    return (good || store_undo(store)) && store_commit(store, error);
}
