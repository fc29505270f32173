#include "store/privacy/erasure.h"

#include <string.h>
#include <zstd.h>

#include "store/privacy/occurrence.h"
#include "store/sqlite/search.h"

/* The rows that hold the address, by their ids. */
enum found {
    FOUND_EVENTS,   /* of others, in their texts */
    FOUND_IMAGES,   /* the same, as they were before a batch */
    FOUND_DAYS,     /* of counters */
    FOUND_MESSAGES, /* in their fields */
    FOUND_CAUSES,   /* of the list and its log: notes, and names of operators */
    FOUND_REPORTS,  /* messages that report on it, ... */
    FOUND_CONTENT,  /* ... or hold it themselves, or go on to a person for it */
    FOUNDS
};

struct erasure {
    struct store *store;
    char *address; /* folded */
    struct occurrence *occurrence;
    gint64 last_event, last_message, last_day; /* that were searched */
    GArray *found[FOUNDS];                     /* of gint64 */
    struct privacy_traces *traces;
    GPtrArray *mentions;
    GHashTable *told; /* of char *: the mentions that are there */
};

struct erasure *erasure_new(struct store *store, const char *address)
{
    struct erasure *erasure = g_new0(struct erasure, 1);

    erasure->store = store;
    erasure->address = g_ascii_strdown(address, -1);
    erasure->occurrence = occurrence_new(erasure->address);
    erasure->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < FOUNDS; i++)
        erasure->found[i] = g_array_new(FALSE, FALSE, sizeof(gint64));
    return erasure;
}

void erasure_free(struct erasure *erasure)
{
    if (erasure == NULL)
        return;
    for (size_t i = 0; i < FOUNDS; i++)
        g_array_unref(erasure->found[i]);
    g_hash_table_unref(erasure->told);
    occurrence_free(erasure->occurrence);
    g_free(erasure->address);
    g_free(erasure);
}

bool erasure_is_named(const struct erasure *erasure, const char *text)
{
    return text != NULL && occurrence_in_text(erasure->occurrence, text, strlen(text));
}

/* --- searching ---------------------------------------------------------------------------------------------------- */

static bool in_text(const void *data, const char *text, size_t length)
{
    return occurrence_in_text(data, text, length);
}

/* One that cannot be decompressed goes: nobody can say that it does not hold the address. */
static bool in_message(const void *data, const void *bytes, size_t length, size_t size)
{
    g_autofree char *raw = g_try_malloc(size + 1);

    if (raw == NULL || ZSTD_decompress(raw, size, bytes, length) != size)
        return true;
    return occurrence_in_message(data, raw, size);
}

static bool collect(struct erasure *erasure, enum sql sql, gint64 after, enum found found, GError **error)
{
    struct query query = query_new(erasure->store->connection, sql);
    bool row = true;

    query_number(&query, after);
    if (sql == SQL_MESSAGES_OF)
        query_text(&query, erasure->address);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        gint64 id = row ? query_number_at(&query, 0) : 0;
        if (row)
            g_array_append_val(erasure->found[found], id);
    }
    return true;
}

static bool search_from(struct erasure *erasure, gint64 event, gint64 message, gint64 day, GError **error)
{
    return collect(erasure, SQL_HOLDING_EVENTS, event, FOUND_EVENTS, error) &&
           collect(erasure, SQL_HOLDING_IMAGES, event, FOUND_IMAGES, error) &&
           collect(erasure, SQL_HOLDING_COUNTERS, day, FOUND_DAYS, error) &&
           collect(erasure, SQL_HOLDING_MESSAGES, message, FOUND_MESSAGES, error) &&
           collect(erasure, SQL_HOLDING_RAWS, message, FOUND_CONTENT, error);
}

static bool search_all(struct erasure *erasure, GError **error)
{
    struct connection *connection = erasure->store->connection;

    return connection_number(connection, SQL_LAST_EVENT, &erasure->last_event, error) &&
           connection_number(connection, SQL_LAST_MESSAGE, &erasure->last_message, error) &&
           connection_number(connection, SQL_LAST_DAY, &erasure->last_day, error) &&
           search_from(erasure, 0, 0, 0, error);
}

/* These are few, or have an index, and may change at any time. */
static bool search_rest(struct erasure *erasure, GError **error)
{
    return search_from(erasure, erasure->last_event, erasure->last_message, erasure->last_day, error) &&
           collect(erasure, SQL_HOLDING_CAUSES, 0, FOUND_CAUSES, error) &&
           collect(erasure, SQL_HOLDING_OUTBOX, 0, FOUND_CONTENT, error) &&
           collect(erasure, SQL_MESSAGES_OF, 0, FOUND_REPORTS, error);
}

static bool search_by(struct erasure *erasure, bool part(struct erasure *, GError **), GError **error)
{
    const struct search search = {erasure->occurrence, in_text, in_message};
    struct connection *connection = erasure->store->connection;

    if (!connection_search(connection, &search, error))
        return false;
    bool good = part(erasure, error);
    return connection_search(connection, NULL, good ? error : NULL) && good;
}

bool erasure_search(struct erasure *erasure, GError **error)
{
    return search_by(erasure, search_all, error);
}

static bool search_all_and_rest(struct erasure *erasure, GError **error)
{
    return search_all(erasure, error) && search_rest(erasure, error);
}

static bool add_digest(struct erasure *erasure, gint64 id, GPtrArray *digests, GError **error)
{
    struct query query = query_new(erasure->store->connection, SQL_DIGEST_OF_MESSAGE);
    bool row;

    query_number(&query, id);
    if (!query_step(&query, &row, error))
        return false;
    if (row) {
        g_ptr_array_add(digests, g_strdup(query_text_at(&query, 0)));
        query_end(&query);
    }
    return true;
}

static int compare_ids(const void *a, const void *b)
{
    gint64 first = *(const gint64 *)a, second = *(const gint64 *)b;

    return first < second ? -1 : first > second;
}

bool erasure_list(struct erasure *erasure, GPtrArray *digests, GError **error)
{
    static const enum found messages[] = {FOUND_MESSAGES, FOUND_REPORTS, FOUND_CONTENT};
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));

    if (!search_by(erasure, search_all_and_rest, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++)
        g_array_append_vals(ids, erasure->found[messages[i]]->data, erasure->found[messages[i]]->len);
    g_array_sort(ids, compare_ids);
    for (guint i = 0; i < ids->len; i++) {
        gint64 id = g_array_index(ids, gint64, i);
        if ((i == 0 || id != g_array_index(ids, gint64, i - 1)) && !add_digest(erasure, id, digests, error))
            return false;
    }
    return true;
}

/* --- telling ------------------------------------------------------------------------------------------------------ */

/* A text that many rows have is told once. */
static void add_mention(const struct erasure *erasure, const struct query *query)
{
    const char *of = query_text_at(query, 0), *field = query_text_at(query, 1), *text = query_text_at(query, 2);
    struct privacy_mention *mention;

    if (!g_hash_table_add(erasure->told, g_strjoin("\n", of, field, text, NULL)))
        return;
    mention = g_new(struct privacy_mention, 1);
    *mention = (struct privacy_mention){g_strdup(of), g_strdup(field), g_strdup(text)};
    g_ptr_array_add(erasure->mentions, mention);
}

static bool read_mentions(const struct erasure *erasure, enum sql sql, gint64 id, GError **error)
{
    struct query query = query_new(erasure->store->connection, sql);
    bool row = true;

    query_number(&query, id);
    if (sql == SQL_MENTIONS_IN_EVENT || sql == SQL_MENTIONS_IN_MESSAGE)
        query_text(&query, erasure->address);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        if (row)
            add_mention(erasure, &query);
    }
    return true;
}

static bool read_all_mentions(struct erasure *erasure, GError **error)
{
    static const struct {
        enum found found;
        enum sql sql;
    } steps[] = {{FOUND_EVENTS, SQL_MENTIONS_IN_EVENT},
                 {FOUND_IMAGES, SQL_MENTIONS_IN_IMAGE},
                 {FOUND_DAYS, SQL_MENTIONS_IN_COUNTER},
                 {FOUND_MESSAGES, SQL_MENTIONS_IN_MESSAGE},
                 {FOUND_CAUSES, SQL_MENTIONS_IN_CAUSE}};

    if (!search_all_and_rest(erasure, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        const GArray *ids = erasure->found[steps[i].found];
        for (guint at = 0; at < ids->len; at++) {
            if (!read_mentions(erasure, steps[i].sql, g_array_index(ids, gint64, at), error))
                return false;
        }
    }
    return read_mentions(erasure, SQL_MENTIONS_ELSEWHERE, 0, error);
}

bool erasure_mentions(struct erasure *erasure, GPtrArray *mentions, GError **error)
{
    erasure->mentions = mentions;
    return search_by(erasure, read_all_mentions, error);
}

/* --- erasing ------------------------------------------------------------------------------------------------------ */

enum { UNCOUNTED = -1 };

/* One statement for the address, or for each row that was found; `count` is where in struct privacy_traces. */
struct step {
    enum sql sql;
    int count;
};

#define COUNT(member) (int)offsetof(struct privacy_traces, member)

static const struct step by_address[] = {
    {SQL_FORGETTING, UNCOUNTED},
    {SQL_ERASE_ENTRIES, COUNT(entries)},
    {SQL_ERASE_CHANGES, COUNT(changes)},
    {SQL_ERASE_FORGIVEN, COUNT(forgiven)},
    {SQL_ERASE_FORGIVEN_IMAGES, UNCOUNTED},
    {SQL_ERASE_PROOFS, UNCOUNTED},
    {SQL_ERASE_EVENTS, COUNT(events)},
    {SQL_FORGOT, UNCOUNTED},
    {SQL_ERASE_FEED_ERRORS, COUNT(texts)},
    {SQL_ERASE_CLAIMS, UNCOUNTED},
    {SQL_ERASE_BATCH_TEXTS, UNCOUNTED},
};

/* A message goes as a whole, whoever else is in it; what was read of it about others stays. */
static const struct step by_message[] = {
    {SQL_ERASE_OUTBOX, COUNT(outbox)}, {SQL_DROP_CLAIM, UNCOUNTED},      {SQL_DROP_PROOFS, UNCOUNTED},
    {SQL_SETTLE_PROOFS, UNCOUNTED},    {SQL_ERASE_RAW, COUNT(messages)}, {SQL_ERASE_MESSAGE, UNCOUNTED},
};

static const struct {
    enum found found;
    struct step step;
} by_id[] = {
    {FOUND_EVENTS, {SQL_ERASE_EVENT_TEXTS, COUNT(texts)}}, {FOUND_EVENTS, {SQL_ERASE_PROOF_TEXTS, UNCOUNTED}},
    {FOUND_IMAGES, {SQL_ERASE_IMAGE_TEXTS, UNCOUNTED}},    {FOUND_DAYS, {SQL_FOLD_HELD_COUNTERS, UNCOUNTED}},
    {FOUND_DAYS, {SQL_ERASE_HELD_COUNTERS, COUNT(texts)}}, {FOUND_MESSAGES, {SQL_ERASE_MESSAGE_TEXTS, COUNT(texts)}},
    {FOUND_CAUSES, {SQL_ERASE_CAUSE_TEXTS, COUNT(notes)}},
};

static bool take(struct erasure *erasure, const struct step *step, gint64 id, GError **error)
{
    struct query query = query_new(erasure->store->connection, step->sql);

    if (id == 0)
        query_text(&query, erasure->address);
    else
        query_number(&query, id);
    if (!query_run(&query, error))
        return false;
    if (step->count != UNCOUNTED)
        G_STRUCT_MEMBER(gint64, erasure->traces, step->count) += connection_changes(erasure->store->connection);
    return true;
}

static bool take_each(struct erasure *erasure, const struct step *step, enum found found, GError **error)
{
    for (guint i = 0; i < erasure->found[found]->len; i++) {
        if (!take(erasure, step, g_array_index(erasure->found[found], gint64, i), error))
            return false;
    }
    return true;
}

static bool erase(struct erasure *erasure, GError **error)
{
    bool good = true;

    for (size_t i = 0; good && i < G_N_ELEMENTS(by_address); i++)
        good = take(erasure, &by_address[i], 0, error);
    for (size_t i = 0; good && i < G_N_ELEMENTS(by_message); i++)
        good = take_each(erasure, &by_message[i], FOUND_REPORTS, error) &&
               (by_message[i].sql == SQL_ERASE_MESSAGE || take_each(erasure, &by_message[i], FOUND_CONTENT, error));
    for (size_t i = 0; good && i < G_N_ELEMENTS(by_id); i++)
        good = take_each(erasure, &by_id[i].step, by_id[i].found, error);
    return good;
}

static bool search_rest_and_erase(struct erasure *erasure, GError **error)
{
    return search_rest(erasure, error) && erase(erasure, error);
}

bool erasure_run(struct erasure *erasure, struct privacy_traces *traces, GError **error)
{
    erasure->traces = traces;
    return search_by(erasure, search_rest_and_erase, error);
}
