#include "store/ledger/cursor.h"

#include <string.h>

#include "store/entry_key.h"
#include "store/error.h"
#include "store/ledger/row.h"

struct store_cursor {
    struct store *store;
    enum cursor_kind kind;
    struct connection *connection; /* its own, so that it has its own snapshot, ... */
    bool borrowed;                 /* ... if it is not another's */
    struct query query;
    GStringChunk *strings; /* the filter's */
    bool row;              /* there is a row that was not handed out */
    bool ended;
};

void cursor_free(struct store_cursor *cursor)
{
    if (cursor == NULL)
        return;
    if (cursor->connection != NULL) {
        if (cursor->query.connection != NULL)
            query_end(&cursor->query);
        if (!cursor->borrowed)
            connection_give_back(cursor->store->connection, cursor->connection);
    }
    cursor->store->cursors--;
    g_string_chunk_free(cursor->strings);
    g_free(cursor);
}

/* Reads an address or a domain of a filter as the parser reads them; NULL stays NULL. */
static bool normalise(struct store_cursor *cursor, const char *prefix, const char *text, const char **normal,
                      GError **error)
{
    bool of_list =
        cursor->kind == CURSOR_SUPPRESSIONS || cursor->kind == CURSOR_CHANGES || cursor->kind == CURSOR_LAST_CHANGES;
    g_autofree char *address = g_strconcat(prefix, text, NULL);

    *normal = NULL;
    if (text == NULL)
        return true;
    GError **reason = *prefix == '\0' ? error : NULL;
    if (of_list && *prefix == '\0' ? !state_take_subject(cursor->store, address, reason)
                                   : !state_take_address(cursor->store, address, reason)) {
        if (*prefix != '\0')
            g_set_error(error, STORE_ERROR, STORE_ERROR_ADDRESS, "\"%s\" is not a domain", text);
        return false;
    }
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

static void bind_scope(struct store_cursor *cursor, enum entry_scope_kind kind, const char *name)
{
    const struct entry_scope scope = {kind, name};
    g_autofree char *text = name != NULL ? entry_scope_format(&scope) : NULL;

    query_text(&cursor->query, text != NULL ? row_keep(cursor->strings, text) : "");
}

/* The scopes that apply to the asker beside all: "" where it has none, NULL where nobody asks. */
static void bind_asker(struct store_cursor *cursor, const struct store_asker *asker)
{
    if (asker == NULL) {
        query_text(&cursor->query, NULL);
        query_text(&cursor->query, NULL);
        return;
    }
    bind_scope(cursor, ENTRY_SCOPE_STREAM, asker->stream);
    bind_scope(cursor, ENTRY_SCOPE_TENANT,
               asker->tenant != NULL ? asker->tenant : state_tenant(cursor->store, asker->stream));
}

/* The conditions that events, the list and its log alone have. */
static void bind_more(struct store_cursor *cursor, const struct store_filter *filter)
{
    struct query *query = &cursor->query;
    const char *scope = filter->scope != NULL ? entry_scope_key(filter->scope) : NULL;
    const char *after_scope = filter->after_scope != NULL ? entry_scope_key(filter->after_scope) : NULL;

    query_text(query, row_keep(cursor->strings, scope));
    if (filter->state == STORE_STATE_ANY)
        query_text(query, NULL);
    else
        query_number(query, filter->state == STORE_STATE_HELD);
    query_text(query, row_keep(cursor->strings, filter->after_subject));
    query_text(query, row_keep(cursor->strings, after_scope));
    query_text(query, row_keep(cursor->strings, filter->batch));
    query_text(query, row_keep(cursor->strings, filter->door));
    query_text(query, row_keep(cursor->strings, filter->rule));
    query_text(query, row_keep(cursor->strings, filter->receiver));
    query_text(query, row_keep(cursor->strings, filter->diagnostic));
    query_text(query, row_keep(cursor->strings, filter->evidence));
    if (cursor->kind == CURSOR_SUPPRESSIONS)
        bind_asker(cursor, filter->asker);
}

static void bind(struct store_cursor *cursor, const struct store_filter *filter, const struct conditions *conditions)
{
    struct query *query = &cursor->query;

    query_text(query, conditions->recipient);
    query_text(query, conditions->domain);
    query_text(query, row_keep(cursor->strings, filter->stream));
    query_text(query, row_keep(cursor->strings, filter->kind));
    query_text(query, row_keep(cursor->strings, filter->reason));
    if (conditions->since_day != NULL) {
        query_text(query, row_keep(cursor->strings, conditions->since_day));
        query_text(query, row_keep(cursor->strings, conditions->until_day));
    } else {
        query_number(query, filter->since);
        query_number(query, filter->until == 0 ? G_MAXINT64 : filter->until);
    }
    query_number(query, conditions->after);
    query_number(query, filter->limit == 0 ? -1 : filter->limit);
    if (cursor->kind != CURSOR_COUNTERS && cursor->kind != CURSOR_OUTBOX)
        bind_more(cursor, filter);
}

/* The first step is taken here: it is what the snapshot begins with. */
static bool begin(struct store_cursor *cursor, enum sql sql, const struct store_filter *filter,
                  struct conditions *conditions, GError **error)
{
    if (!normalise(cursor, "", filter->recipient, &conditions->recipient, error) ||
        !normalise(cursor, "x@", filter->domain, &conditions->domain, error))
        return false;
    if (!cursor->borrowed)
        cursor->connection = connection_reader(cursor->store->connection, error);
    if (cursor->connection == NULL)
        return false;
    cursor->query = query_new(cursor->connection, sql);
    bind(cursor, filter, conditions);
    if (!query_step(&cursor->query, &cursor->row, error))
        return false;
    cursor->ended = !cursor->row;
    return true;
}

/* By whether the filter has a recipient. */
static enum sql statement(enum cursor_kind kind, const struct store_filter *filter)
{
    bool of_recipient = filter->recipient != NULL;

    switch (kind) {
    case CURSOR_SUPPRESSIONS:
        return of_recipient ? SQL_SUPPRESSIONS_OF_SUBJECT : SQL_SUPPRESSIONS;
    case CURSOR_EVENTS:
        if (filter->limit != 0)
            return of_recipient ? SQL_NEWEST_EVENTS_OF_RECIPIENT : SQL_NEWEST_EVENTS;
        if (filter->batch != NULL)
            return SQL_EVENTS_OF_BATCH;
        return of_recipient ? SQL_EVENTS_OF_RECIPIENT : SQL_EVENTS;
    case CURSOR_CHANGES:
        return of_recipient ? SQL_CHANGES_OF_RECIPIENT : SQL_CHANGES;
    case CURSOR_COUNTERS:
        return SQL_COUNTERS;
    case CURSOR_OUTBOX:
        return SQL_OUTBOX;
    case CURSOR_EVENT_PAGE:
        return of_recipient ? SQL_EVENT_PAGE_OF_RECIPIENT : SQL_EVENT_PAGE;
    case CURSOR_EVENTS_AFTER:
        return SQL_EVENTS_AFTER;
    case CURSOR_LAST_EVENTS:
        return SQL_LAST_EVENTS;
    case CURSOR_LAST_CHANGES:
        return SQL_LAST_CHANGES;
    }
    g_assert_not_reached();
}

struct store_cursor *cursor_new(struct store *store, enum cursor_kind kind, const struct store_filter *filter,
                                gint64 now, GError **error)
{
    return cursor_new_in(store, NULL, kind, filter, now, error);
}

struct store_cursor *cursor_new_in(struct store *store, struct connection *snapshot, enum cursor_kind kind,
                                   const struct store_filter *filter, gint64 now, GError **error)
{
    struct store_cursor *cursor = g_new0(struct store_cursor, 1);
    struct conditions conditions = {.after = kind == CURSOR_SUPPRESSIONS ? now : filter->after};
    struct store_filter applied = *filter;
    g_autofree char *since = NULL;
    g_autofree char *until = NULL;

    if (kind == CURSOR_COUNTERS) {
        since = g_strdup(state_day(store, filter->since));
        until = g_strdup(filter->until == 0 ? "9999-12-31" : state_day(store, filter->until - 1));
        conditions.since_day = since;
        conditions.until_day = until;
        applied.recipient = NULL;
    }
    cursor->store = store;
    cursor->kind = kind;
    cursor->connection = snapshot;
    cursor->borrowed = snapshot != NULL;
    cursor->strings = g_string_chunk_new(128);
    store->cursors++;
    if (begin(cursor, statement(kind, filter), &applied, &conditions, error))
        return cursor;
    cursor_free(cursor);
    return NULL;
}

const struct query *cursor_next(struct store_cursor *cursor, enum cursor_kind kind, GError **error)
{
    g_assert(cursor->kind == kind);
    if (!cursor->row && !cursor->ended) {
        bool good = query_step(&cursor->query, &cursor->row, error);
        cursor->ended = !good || !cursor->row;
    }
    if (cursor->ended)
        return NULL;
    cursor->row = false;
    return &cursor->query;
}
