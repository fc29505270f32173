#include "store/ledger/history.h"

static const char *keep(struct history *history, const char *text)
{
    return text == NULL ? NULL : g_string_chunk_insert_const(history->strings, text);
}

static void read_event(struct history *history, const char *recipient, const struct query *query)
{
    struct history_event row = {
        .id = query_number_at(query, 0),
        .message = query_number_at(query, 1),
        .received = query_number_at(query, 2),
        .event =
            {
                .recipient = recipient,
                .kind = event_value(report_kind_names, query_text_at(query, 4)),
                .verdict = event_value(verdict_names, query_text_at(query, 5)),
                .reason = event_value(reason_names, query_text_at(query, 6)),
                .action = event_value(report_action_names, query_text_at(query, 7)),
                .stream = keep(history, query_text_at(query, 8)),
                .may_suppress = query_number_at(query, 9) != 0,
                .rule = keep(history, query_text_at(query, 10)),
            },
    };
    const char *policy = query_text_at(query, 3);

    /* A row that cannot be read is none, "never". */
    if (policy != NULL && !policy_row_parse(policy, &row.row))
        row.row = (struct policy_row){0};
    g_array_append_val(history->events, row);
}

struct history *history_read(struct connection *connection, const char *recipient, GError **error)
{
    struct query query = query_new(connection, SQL_HISTORY);
    struct history *history = g_new0(struct history, 1);
    bool row = true;

    history->events = g_array_new(FALSE, FALSE, sizeof(struct history_event));
    history->strings = g_string_chunk_new(512);
    recipient = keep(history, recipient);
    query_text(&query, recipient);
    while (row) {
        if (!query_step(&query, &row, error)) {
            history_free(history);
            return NULL;
        }
        if (row)
            read_event(history, recipient, &query);
    }
    return history;
}

void history_free(struct history *history)
{
    if (history == NULL)
        return;
    g_array_unref(history->events);
    g_string_chunk_free(history->strings);
    g_free(history);
}

/* --- from the first event on -------------------------------------------------------------------------------------- */

/* The failures of one reason that count. */
struct failures {
    GArray *times; /* of gint64, sorted */
    gint64 message;
};

static void clear_failures(struct failures failures[REASON_COUNT])
{
    for (unsigned reason = 0; reason < REASON_COUNT; reason++) {
        if (failures[reason].times != NULL)
            g_array_set_size(failures[reason].times, 0);
    }
}

/* They come sorted but for few: several threads read messages, and one stores them. */
static void add_failure(struct failures *failures, const struct history_event *row)
{
    if (failures->times == NULL)
        failures->times = g_array_new(FALSE, FALSE, sizeof(gint64));
    guint at = failures->times->len;
    while (at > 0 && g_array_index(failures->times, gint64, at - 1) > row->received)
        at--;
    g_array_insert_val(failures->times, at, row->received);
    failures->message = row->message;
}

/* As many as were before within the row's time; counted no further than the row asks for. */
static unsigned count_failures(const struct failures *failures, const struct history_event *row)
{
    gint64 after = row->row.within == 0 ? G_MININT64 : row->received - row->row.within;
    guint n = failures->times != NULL ? failures->times->len : 0;
    unsigned count = 0;

    while (count < row->row.count && count < n && g_array_index(failures->times, gint64, n - 1 - count) > after)
        count++;
    return count;
}

/* What the entry becomes; POLICY_LISTED when it stays. */
static enum policy_effect put(struct history_result *result, const struct history_event *row, guint index)
{
    struct list_before *entry = &result->entry;
    gint64 until = row->row.lasting == 0 ? 0 : row->received + row->row.lasting;
    enum list_change change = list_plan(entry, row->event.verdict, row->received, &until);

    if (change == LIST_KEEP)
        return POLICY_LISTED;
    if (change == LIST_PUT) {
        *entry = (struct list_before){
            .listed = true,
            .by_policy = true,
            .reason = row->event.reason,
            .verdict = row->event.verdict,
        };
        result->carrier = index;
    }
    entry->until = until;
    return POLICY_SUPPRESSED;
}

static void replay_one(struct history_result *result, struct failures failures[REASON_COUNT],
                       const struct history_event *row, guint index)
{
    struct failures *same = &failures[row->event.reason];
    bool counts = policy_counts(&row->event);
    bool repeated = counts && same->times != NULL && same->times->len > 0 && same->message == row->message;
    struct history_outcome outcome = {.counts = counts && !repeated};

    if (counts && row->row.count > 1)
        outcome.failures = CLAMP(count_failures(same, row) + (repeated ? 0 : 1), 1, row->row.count);
    outcome.effect = policy_decide(&row->row, &row->event, MAX(outcome.failures, 1));
    if (outcome.effect == POLICY_COUNTED && repeated)
        outcome.effect = POLICY_REPEATED;
    if (outcome.effect == POLICY_SUPPRESSED)
        outcome.effect = put(result, row, index);
    if (outcome.counts)
        add_failure(same, row);
    if (outcome.effect == POLICY_CLEARED) {
        clear_failures(failures);
        result->cleared = row->id;
    }
    g_array_append_val(result->outcomes, outcome);
}

struct history_result *history_replay(const struct history *history)
{
    struct history_result *result = g_new0(struct history_result, 1);
    struct failures failures[REASON_COUNT] = {{0}};

    result->outcomes = g_array_sized_new(FALSE, FALSE, sizeof(struct history_outcome), history->events->len);
    for (guint i = 0; i < history->events->len; i++)
        replay_one(result, failures, &g_array_index(history->events, struct history_event, i), i);
    for (unsigned reason = 0; reason < REASON_COUNT; reason++) {
        if (failures[reason].times != NULL)
            g_array_unref(failures[reason].times);
    }
    return result;
}

void history_result_free(struct history_result *result)
{
    if (result == NULL)
        return;
    g_array_unref(result->outcomes);
    g_free(result);
}
