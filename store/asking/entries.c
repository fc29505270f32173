#include "store/asking/entries.h"

#include <string.h>

#include "store/entry_key.h"
#include "store/ledger/row.h"
#include "store/privacy/tombstone.h"

enum { CAUSES_MOST = 1000 }; /* that are remembered at a time */

/* The columns of SQL_ENTRIES_OF. */
enum column { COLUMN_SUBJECT, COLUMN_SCOPE, COLUMN_WAVE, COLUMN_SINCE, COLUMN_UNTIL, COLUMN_CAUSE, COLUMN_EVENT };

/* A few causes stand for most entries. */
static const struct suppression *read_cause(struct store *store, gint64 id, GError **error)
{
    struct suppression *cause = g_hash_table_lookup(store->causes, &id);
    bool row;

    if (cause != NULL)
        return cause;
    struct query query = query_new(store->connection, SQL_CAUSE_OF_ENTRY);
    query_number(&query, id);
    if (!query_step(&query, &row, error))
        return NULL;
    cause = g_new0(struct suppression, 1);
    if (row) {
        row_cause(&query, cause);
        row_keep_suppression(store->cause_texts, cause);
        query_end(&query);
    }
    g_hash_table_insert(store->causes, g_memdup2(&id, sizeof id), cause);
    return cause;
}

static bool read_event(struct store *store, gint64 id, struct suppression *entry, GError **error)
{
    struct query query = query_new(store->connection, SQL_EVENT_OF_ENTRY);
    bool row;

    query_number(&query, id);
    if (!query_step(&query, &row, error))
        return false;
    if (row) {
        entry->stream = row_keep(store->found, query_text_at(&query, 0));
        entry->rule = row_keep(store->found, query_text_at(&query, 1));
        entry->diagnostic = row_keep(store->found, query_text_at(&query, 2));
        query_end(&query);
    }
    return true;
}

static bool read_entry(struct store *store, const struct query *query, struct suppression *entry, GError **error)
{
    gint64 event = query_number_at(query, COLUMN_EVENT);
    const struct suppression *cause = read_cause(store, query_number_at(query, COLUMN_CAUSE), error);

    if (cause == NULL)
        return false;
    *entry = *cause;
    entry->subject = row_keep(store->found, query_text_at(query, COLUMN_SUBJECT));
    entry->scope = row_keep(store->found, entry_scope_text(query_text_at(query, COLUMN_SCOPE)));
    entry->wave = query_number_at(query, COLUMN_WAVE);
    entry->since = query_number_at(query, COLUMN_SINCE);
    entry->until = query_number_at(query, COLUMN_UNTIL);
    return event == 0 || read_event(store, event, entry, error);
}

bool entries_read(struct store *store, const char *folded, gint64 now, GArray *entries, GError **error)
{
    struct suppression entry;
    bool row = true;

    if (store->screen != NULL && screen_clears(store->screen, folded, strlen(folded)))
        return true;
    struct query query = query_new(store->connection, SQL_ENTRIES_OF);
    query_text(&query, folded);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        gint64 until = row ? query_number_at(&query, COLUMN_UNTIL) : 0;
        if (!row || (until != 0 && until <= now))
            continue;
        if (!read_entry(store, &query, &entry, error)) {
            query_end(&query);
            return false;
        }
        g_array_append_val(entries, entry);
    }
    return true;
}

bool entries_read_forgotten(struct store *store, gint64 now, GArray *entries, GError **error)
{
    if (!store->knows_forgotten && !tombstone_any(store, &store->has_forgotten, error))
        return false;
    store->knows_forgotten = true;
    return !store->has_forgotten || tombstone_list(store, now, entries, error);
}

static void clear_causes(struct store *store)
{
    g_hash_table_remove_all(store->causes);
    g_string_chunk_clear(store->cause_texts);
}

void entries_begin(struct store *store)
{
    g_string_chunk_clear(store->found);
    if (g_hash_table_size(store->causes) >= CAUSES_MOST)
        clear_causes(store);
}

void entries_start_over(struct store *store)
{
    store->knows_forgotten = false;
    clear_causes(store);
}
