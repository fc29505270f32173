/* What reads the store: the check of one address, and cursors. */
#include <string.h>

#include "store/ledger/state.h"
#include "store/outbox.h"

#define IDLE_READERS 4 /* connections that are kept open for the next cursor */

struct store_cursor {
    struct store *store;
    struct connection *connection; /* its own, so that it has its own snapshot */
    struct query query;
    GStringChunk *strings; /* the filter's */
    bool row;              /* there is a row that was not handed out */
    bool ended;
};

static void read_suppression(const struct query *query, struct suppression *row)
{
    *row = (struct suppression){
        .recipient = query_text_at(query, 0),
        .reason = event_value(reason_names, query_text_at(query, 1)),
        .verdict = event_value(verdict_names, query_text_at(query, 2)),
        .stream = query_text_at(query, 3),
        .policy = query_text_at(query, 4),
        .rule = query_text_at(query, 5),
        .diagnostic = query_text_at(query, 6),
        .who = query_text_at(query, 7),
        .note = query_text_at(query, 8),
        .since = query_number_at(query, 9),
        .until = query_number_at(query, 10),
    };
}

static const char *keep(GStringChunk *strings, const char *text)
{
    return text == NULL ? NULL : g_string_chunk_insert(strings, text);
}

static void keep_suppression(GStringChunk *strings, struct suppression *row)
{
    row->recipient = keep(strings, row->recipient);
    row->stream = keep(strings, row->stream);
    row->policy = keep(strings, row->policy);
    row->rule = keep(strings, row->rule);
    row->diagnostic = keep(strings, row->diagnostic);
    row->who = keep(strings, row->who);
    row->note = keep(strings, row->note);
}

bool store_check(struct store *store, const char *recipient, gint64 now, struct suppression *found, bool *suppressed,
                 GError **error)
{
    struct suppression entry;
    bool row;

    *suppressed = false;
    if (!store_address(recipient, store->recipient, error))
        return false;
    struct query query = query_new(store->connection, SQL_SUPPRESSION);
    query_text(&query, store->recipient->str);
    if (!query_step(&query, &row, error))
        return false;
    if (!row)
        return true;
    read_suppression(&query, &entry);
    *suppressed = entry.until == 0 || entry.until > now;
    if (*suppressed && found != NULL) {
        g_string_chunk_clear(store->found);
        keep_suppression(store->found, &entry);
        *found = entry;
    }
    query_end(&query);
    return true;
}

/* --- cursors ---------------------------------------------------------------------------------------------------- */

static struct connection *take_reader(struct store *store, GError **error)
{
    if (store->readers->len > 0)
        return g_ptr_array_steal_index_fast(store->readers, store->readers->len - 1);
    return connection_open(connection_path(store->connection), CONNECTION_READ, store->busy_timeout, error);
}

void store_cursor_free(struct store_cursor *cursor)
{
    if (cursor == NULL)
        return;
    if (cursor->connection != NULL) {
        query_end(&cursor->query);
        if (cursor->store->readers->len < IDLE_READERS)
            g_ptr_array_add(cursor->store->readers, cursor->connection);
        else
            connection_free(cursor->connection);
    }
    cursor->store->cursors--;
    g_string_chunk_free(cursor->strings);
    g_free(cursor);
}

/* Reads an address or a domain of a filter as the parser reads them; NULL stays NULL. */
static bool normalise(struct store_cursor *cursor, const char *prefix, const char *text, const char **normal,
                      GError **error)
{
    g_autofree char *address = g_strconcat(prefix, text, NULL);

    *normal = NULL;
    if (text == NULL)
        return true;
    if (!store_address(address, cursor->store->recipient, error))
        return false;
    *normal = g_string_chunk_insert(cursor->strings, cursor->store->recipient->str + strlen(prefix));
    return true;
}

/* The conditions as sql.c numbers them, ?6 to ?8 apart. */
struct conditions {
    const char *recipient;
    const char *domain;
    const char *since_day; /* of counters, instead of since and until */
    const char *until_day;
    gint64 after;
};

static void bind(struct store_cursor *cursor, const struct store_filter *filter, const struct conditions *conditions)
{
    struct query *query = &cursor->query;

    query_text(query, conditions->recipient);
    query_text(query, conditions->domain);
    query_text(query, keep(cursor->strings, filter->stream));
    query_text(query, keep(cursor->strings, filter->kind));
    query_text(query, keep(cursor->strings, filter->reason));
    if (conditions->since_day != NULL) {
        query_text(query, keep(cursor->strings, conditions->since_day));
        query_text(query, keep(cursor->strings, conditions->until_day));
    } else {
        query_number(query, filter->since);
        query_number(query, filter->until == 0 ? G_MAXINT64 : filter->until);
    }
    query_number(query, conditions->after);
    query_number(query, filter->limit == 0 ? -1 : filter->limit);
}

/* The first step is taken here: it is what the snapshot begins with. */
static bool begin(struct store_cursor *cursor, enum sql sql, const struct store_filter *filter,
                  struct conditions *conditions, GError **error)
{
    if (!normalise(cursor, "", filter->recipient, &conditions->recipient, error) ||
        !normalise(cursor, "x@", filter->domain, &conditions->domain, error))
        return false;
    cursor->connection = take_reader(cursor->store, error);
    if (cursor->connection == NULL)
        return false;
    cursor->query = query_new(cursor->connection, sql);
    bind(cursor, filter, conditions);
    if (!query_step(&cursor->query, &cursor->row, error))
        return false;
    cursor->ended = !cursor->row;
    return true;
}

static struct store_cursor *open_cursor(struct store *store, enum sql sql, const struct store_filter *filter,
                                        struct conditions *conditions, GError **error)
{
    struct store_cursor *cursor = g_new0(struct store_cursor, 1);

    cursor->store = store;
    cursor->strings = g_string_chunk_new(128);
    store->cursors++;
    if (begin(cursor, sql, filter, conditions, error))
        return cursor;
    store_cursor_free(cursor);
    return NULL;
}

struct store_cursor *store_suppressions(struct store *store, const struct store_filter *filter, gint64 now,
                                        GError **error)
{
    struct conditions conditions = {.after = now};

    return open_cursor(store, SQL_SUPPRESSIONS, filter, &conditions, error);
}

struct store_cursor *store_events(struct store *store, const struct store_filter *filter, GError **error)
{
    /* By whether there is a limit, and a recipient. */
    static const enum sql texts[2][2] = {
        {SQL_EVENTS, SQL_EVENTS_OF_RECIPIENT},
        {SQL_NEWEST_EVENTS, SQL_NEWEST_EVENTS_OF_RECIPIENT},
    };
    struct conditions conditions = {0};

    return open_cursor(store, texts[filter->limit != 0][filter->recipient != NULL], filter, &conditions, error);
}

struct store_cursor *store_changes(struct store *store, const struct store_filter *filter, GError **error)
{
    struct conditions conditions = {.after = filter->after};

    return open_cursor(store, filter->recipient == NULL ? SQL_CHANGES : SQL_CHANGES_OF_RECIPIENT, filter, &conditions,
                       error);
}

struct store_cursor *store_counters(struct store *store, const struct store_filter *filter, GError **error)
{
    g_autofree char *since = g_strdup(store_day(store, filter->since));
    g_autofree char *until = g_strdup(filter->until == 0 ? "9999-12-31" : store_day(store, filter->until - 1));
    struct conditions conditions = {.since_day = since, .until_day = until};
    struct store_filter days = *filter;

    days.recipient = NULL;
    return open_cursor(store, SQL_COUNTERS, &days, &conditions, error);
}

struct store_cursor *store_outbox(struct store *store, const struct store_filter *filter, GError **error)
{
    struct conditions conditions = {0};

    return open_cursor(store, SQL_OUTBOX, filter, &conditions, error);
}

/* Is there a row to hand out? Rows live until the next call. */
static bool next(struct store_cursor *cursor, enum sql sql, GError **error)
{
    g_assert(cursor->query.sql == sql);
    if (!cursor->row && !cursor->ended) {
        bool good = query_step(&cursor->query, &cursor->row, error);
        cursor->ended = !good || !cursor->row;
    }
    if (cursor->ended)
        return false;
    cursor->row = false;
    return true;
}

bool store_next_suppression(struct store_cursor *cursor, struct suppression *row, GError **error)
{
    if (!next(cursor, SQL_SUPPRESSIONS, error))
        return false;
    read_suppression(&cursor->query, row);
    return true;
}

gint64 cursor_read_event(const struct query *query, struct stored_event *row)
{
    int column = 0;

    *row = (struct stored_event){0};
    for (const struct event_field *field = event_fields; field->name != NULL; field++, column++) {
        if (field->type == EVENT_NUMBER || field->type == EVENT_TIME)
            event_field_set_number(&row->event, field, query_number_at(query, column));
        else
            event_field_set_text(&row->event, field, query_text_at(query, column));
    }
    row->received = query_number_at(query, column++);
    row->digest = query_text_at(query, column++);
    row->mail_from = query_text_at(query, column++);
    row->rule_version = query_text_at(query, column++);
    row->effect = event_value(policy_effect_names, query_text_at(query, column++));
    row->policy = query_text_at(query, column++);
    row->failures = (unsigned)query_number_at(query, column++);
    row->event.may_suppress = query_number_at(query, column++) != 0;
    row->event.command = query_text_at(query, column++);
    row->revised = query_number_at(query, column++);
    row->revised_by = query_text_at(query, column++);
    row->revised_from = query_text_at(query, column++);
    return query_number_at(query, column);
}

bool store_next_event(struct store_cursor *cursor, struct stored_event *row, GError **error)
{
    gint64 id;

    return cursor_next_event(cursor, row, &id, error);
}

bool cursor_next_event(struct store_cursor *cursor, struct stored_event *row, gint64 *id, GError **error)
{
    enum sql sql = cursor->query.sql;

    g_assert(sql >= SQL_EVENTS && sql <= SQL_NEWEST_EVENTS_OF_RECIPIENT);
    if (!next(cursor, sql, error))
        return false;
    *id = cursor_read_event(&cursor->query, row);
    return true;
}

bool store_next_change(struct store_cursor *cursor, struct change *row, GError **error)
{
    const struct query *query = &cursor->query;

    if (!next(cursor, query->sql == SQL_CHANGES ? SQL_CHANGES : SQL_CHANGES_OF_RECIPIENT, error))
        return false;
    *row = (struct change){
        .sequence = query_number_at(query, 0),
        .at = query_number_at(query, 1),
        .change = query_text_at(query, 2),
        .recipient = query_text_at(query, 3),
        .reason = event_value(reason_names, query_text_at(query, 4)),
        .verdict = event_value(verdict_names, query_text_at(query, 5)),
        .until = query_number_at(query, 6),
        .who = query_text_at(query, 7),
        .note = query_text_at(query, 8),
        .digest = query_text_at(query, 9),
    };
    return true;
}

bool store_next_outgoing(struct store_cursor *cursor, struct outgoing *row, GError **error)
{
    if (!next(cursor, SQL_OUTBOX, error))
        return false;
    outgoing_read(&cursor->query, row);
    return true;
}

bool store_next_counter(struct store_cursor *cursor, struct counter *row, GError **error)
{
    const struct query *query = &cursor->query;

    if (!next(cursor, SQL_COUNTERS, error))
        return false;
    *row = (struct counter){
        .day = query_text_at(query, 0),
        .stream = query_text_at(query, 1),
        .sender_domain = query_text_at(query, 2),
        .recipient_domain = query_text_at(query, 3),
        .kind = event_value(report_kind_names, query_text_at(query, 4)),
        .verdict = event_value(verdict_names, query_text_at(query, 5)),
        .reason = event_value(reason_names, query_text_at(query, 6)),
        .count = query_number_at(query, 7),
    };
    return true;
}
