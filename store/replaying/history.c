#include "store/replaying/history.h"

#include <string.h>

#include "store/ledger/repetition.h"

static const char *keep(struct history *history, const char *text)
{
    return text == NULL ? NULL : g_string_chunk_insert_const(history->strings, text);
}

static void read_event(struct history *history, const struct query *query)
{
    struct history_event row = {
        .id = query_number_at(query, 0),
        .message = query_number_at(query, 1),
        .received = query_number_at(query, 2),
        .event =
            {
                .recipient = history->recipient,
                .kind = event_value(report_kind_names, query_text_at(query, 4)),
                .verdict = event_value(verdict_names, query_text_at(query, 5)),
                .reason = event_value(reason_names, query_text_at(query, 6)),
                .action = event_value(report_action_names, query_text_at(query, 7)),
                .stream = keep(history, query_text_at(query, 8)),
                .may_suppress = query_number_at(query, 9) != 0,
                .rule = keep(history, query_text_at(query, 10)),
                .evidence = event_value(report_evidence_names, query_text_at(query, 12)),
                .mailed = query_number_at(query, 13),
                .message_id = keep(history, query_text_at(query, 14)),
                .occurred = query_number_at(query, 16),
                .confined = query_number_at(query, 24) != 0,
            },
        .effect = event_value(policy_effect_names, query_text_at(query, 11)),
        .fingerprint = keep(history, query_text_at(query, 15)),
        .forgiven = query_number_at(query, 17) != 0,
        .stale = query_number_at(query, 18) != 0,
        .scope = keep(history, query_text_at(query, 19)),
        .wave = query_number_at(query, 20),
        .let_go = query_number_at(query, 21) != 0,
        .tenant = keep(history, query_text_at(query, 22)),
        .doubted = query_text_at(query, 23) != NULL,
    };
    const char *policy = query_text_at(query, 3);

    /* A row that cannot be read is none, "never". */
    row.lifts = g_strcmp0(policy, POLICY_LIFTS) == 0;
    if (policy != NULL && !policy_row_parse(policy, &row.row, NULL))
        row.row = (struct policy_row){0};
    g_array_append_val(history->events, row);
}

static void read_placement(struct history *history, const struct query *query)
{
    const struct history_placement placement = {
        .sequence = query_number_at(query, 0),
        .at = query_number_at(query, 1),
        .scope = keep(history, query_text_at(query, 2)),
        .entry =
            {
                .listed = true,
                .until = query_number_at(query, 3),
                .reason = event_value(reason_names, query_text_at(query, 4)),
                .verdict = event_value(verdict_names, query_text_at(query, 5)),
                .by_policy = strcmp(query_text_at(query, 6), LIST_POLICY) == 0,
            },
        .message_before = query_number_at(query, 7),
        .message_after = query_number_at(query, 8),
    };

    g_array_append_val(history->placements, placement);
}

typedef void read_row(struct history *history, const struct query *query);

static bool read_rows(struct connection *connection, struct history *history, enum sql sql, read_row *read,
                      GError **error)
{
    struct query query = query_new(connection, sql);
    bool row = true;

    query_text(&query, history->recipient);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        if (row)
            read(history, &query);
    }
    return true;
}

struct history *history_read(struct connection *connection, const char *recipient, GError **error)
{
    struct history *history = g_new0(struct history, 1);

    history->events = g_array_new(FALSE, FALSE, sizeof(struct history_event));
    history->placements = g_array_new(FALSE, FALSE, sizeof(struct history_placement));
    history->strings = g_string_chunk_new(512);
    history->recipient = keep(history, recipient);
    if (read_rows(connection, history, SQL_HISTORY, read_event, error) &&
        read_rows(connection, history, SQL_PLACEMENTS, read_placement, error))
        return history;
    history_free(history);
    return NULL;
}

void history_free(struct history *history)
{
    if (history == NULL)
        return;
    g_array_unref(history->events);
    g_array_unref(history->placements);
    g_string_chunk_free(history->strings);
    g_free(history);
}

bool history_move(struct store *store, struct history *history, guint index, const char *scope, GError **error)
{
    struct history_event *row = &g_array_index(history->events, struct history_event, index);
    struct query query = query_new(store->connection, SQL_FORGIVEN_UP_TO);
    bool found, stale = false;

    query_text(&query, row->event.recipient);
    query_text(&query, scope);
    if (!query_step(&query, &found, error))
        return false;
    row->stale = found && row->id <= query_number_at(&query, 0);
    query_end(&query);
    row->scope = keep(history, scope);
    if (!repetition_stale(store, &row->event, scope, &stale, error))
        return false;
    row->stale = row->stale || stale;
    return true;
}

bool history_precedes(const struct history_placement *placement, const struct history_event *row)
{
    if (placement->message_before != 0 && row->message <= placement->message_before)
        return false;
    return (placement->message_after != 0 && row->message >= placement->message_after) ||
           placement->at <= row->received;
}
