#include "store/backtest.h"

#include <string.h>

#include "store/entry_key.h"
#include "store/replaying/replay.h"

const char *const backtest_difference_names[] = {
    [BACKTEST_MISSING] = "missing",
    [BACKTEST_SURPLUS] = "surplus",
    NULL,
};

struct backtest {
    struct store *store;
    gint64 since, until, now;
    struct query addresses;
    struct history *history; /* of the present address; NULL: none */
    GArray *rows;            /* of struct backtest_row: its differences */
    guint given;
    guint64 n_addresses, n_events;
};

static void clear_row(gpointer row)
{
    g_free(((struct backtest_row *)row)->policy);
}

struct backtest *backtest_new(struct store *store, const struct store_filter *filter, gint64 now, GError **error)
{
    if (!store_freeze(store, error))
        return NULL;
    struct backtest *backtest = g_new0(struct backtest, 1);
    backtest->store = store;
    backtest->since = filter->since;
    backtest->until = filter->until != 0 ? filter->until : G_MAXINT64;
    backtest->now = now;
    backtest->rows = g_array_new(FALSE, FALSE, sizeof(struct backtest_row));
    g_array_set_clear_func(backtest->rows, clear_row);
    backtest->addresses = query_new(store->connection, SQL_BACKTEST);
    query_number(&backtest->addresses, backtest->since);
    query_number(&backtest->addresses, backtest->until);
    return backtest;
}

void backtest_free(struct backtest *backtest)
{
    if (backtest == NULL)
        return;
    query_end(&backtest->addresses);
    store_thaw(backtest->store);
    history_free(backtest->history);
    g_array_unref(backtest->rows);
    g_free(backtest);
}

/* --- one address -------------------------------------------------------------------------------------------------- */

/* The scopes that its events count towards, by the policies of then and of now: a set. */
static void add_scope(GHashTable *scopes, const char *scope)
{
    g_hash_table_add(scopes, g_strdup(scope != NULL ? scope : ""));
}

static void judge(const struct backtest *backtest, struct history_event *row, GString *scope)
{
    const struct policy *policy = policy_for(backtest->store->policies, row->event.stream);

    row->row = *policy_row_for(policy, &row->event);
    row->lifts = policy_lifts(policy, &row->event);
    g_string_truncate(scope, 0);
    if (policy_applies(&row->event))
        policy_scope(policy, &row->event, row->tenant, scope);
    row->scope = g_string_chunk_insert_const(backtest->history->strings, scope->str);
}

/* Leaves the events of the time, judged by the present policies. */
static void judge_all(struct backtest *backtest, GHashTable *scopes)
{
    g_autoptr(GString) scope = g_string_new(NULL);
    GArray *events = backtest->history->events;
    guint kept = 0;

    for (guint i = 0; i < events->len; i++) {
        struct history_event *row = &g_array_index(events, struct history_event, i);

        if (row->received < backtest->since || row->received >= backtest->until)
            continue;
        add_scope(scopes, row->scope);
        if (!row->forgiven)
            judge(backtest, row, scope);
        add_scope(scopes, row->scope);
        g_array_index(events, struct history_event, kept++) = *row;
    }
    g_array_set_size(events, kept);
    backtest->n_events += kept;
}

static bool compare(struct backtest *backtest, const struct replay_result *result, const char *recipient,
                    const char *scope, GError **error)
{
    const struct replay_entry *would = replay_entry_of(result, scope);
    bool comes = list_holds(&would->entry, backtest->now);
    struct list_before there;

    if (!list_read(backtest->store->connection, recipient, scope, &there, error))
        return false;
    bool is = list_holds(&there, backtest->now);
    bool compared = there.by_policy && there.since >= backtest->since && there.since < backtest->until;
    if (is == comes || (is && !compared))
        return true;
    struct backtest_row row = {
        .recipient = recipient,
        .scope = entry_scope_text(g_string_chunk_insert_const(backtest->history->strings, scope)),
        .difference = comes ? BACKTEST_MISSING : BACKTEST_SURPLUS,
        .reason = comes ? would->entry.reason : there.reason,
        .until = comes ? would->entry.until : there.until,
    };
    if (comes)
        row.policy =
            policy_row_format(&g_array_index(backtest->history->events, struct history_event, would->carrier).row);
    g_array_append_val(backtest->rows, row);
    return true;
}

static bool test_address(struct backtest *backtest, const char *address, GError **error)
{
    g_autoptr(GHashTable) scopes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer scope;

    g_array_set_size(backtest->rows, 0);
    backtest->given = 0;
    history_free(backtest->history);
    backtest->history = history_read(backtest->store->connection, address, error);
    if (backtest->history == NULL)
        return false;
    const char *recipient = g_string_chunk_insert_const(backtest->history->strings, address);
    judge_all(backtest, scopes);
    backtest->n_addresses++;
    g_array_set_size(backtest->history->placements, 0); /* what the reports alone make */
    g_autoptr(ReplayResult) result = replay_run(backtest->history);
    g_hash_table_iter_init(&iter, scopes);
    while (g_hash_table_iter_next(&iter, &scope, NULL)) {
        if (!compare(backtest, result, recipient, scope, error))
            return false;
    }
    return true;
}

bool backtest_next(struct backtest *backtest, struct backtest_row *row, GError **error)
{
    bool found;

    while (backtest->given == backtest->rows->len) {
        if (!query_step(&backtest->addresses, &found, error) || !found)
            return false;
        g_autofree char *address = g_strdup(query_text_at(&backtest->addresses, 0));
        if (!test_address(backtest, address, error))
            return false;
    }
    *row = g_array_index(backtest->rows, struct backtest_row, backtest->given++);
    return true;
}

guint64 backtest_addresses(const struct backtest *backtest)
{
    return backtest->n_addresses;
}

guint64 backtest_events(const struct backtest *backtest)
{
    return backtest->n_events;
}
