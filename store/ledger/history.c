#include "store/ledger/history.h"

#include <string.h>

#include "store/ledger/repetition.h"

#include "store/policy/failures.h"

#define DAY G_GINT64_CONSTANT(86400)

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
                .evidence = event_value(report_evidence_names, query_text_at(query, 12)),
                .mailed = query_number_at(query, 13),
                .message_id = keep(history, query_text_at(query, 14)),
                .occurred = query_number_at(query, 16),
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

static struct history_entry *find_entry(const struct history_result *result, const char *scope)
{
    for (guint i = 0; i < result->entries->len; i++) {
        struct history_entry *entry = &g_array_index(result->entries, struct history_entry, i);

        if (strcmp(entry->scope, scope) == 0)
            return entry;
    }
    return NULL;
}

const struct history_entry *history_entry_of(const struct history_result *result, const char *scope)
{
    static const struct history_entry none;
    const struct history_entry *entry = find_entry(result, scope);

    return entry != NULL ? entry : &none;
}

/* Mail went through: what a wave holds goes. */
static void drop_held(const struct history_result *result)
{
    for (guint i = 0; i < result->entries->len; i++) {
        struct list_before *entry = &g_array_index(result->entries, struct history_entry, i).entry;

        entry->listed = entry->listed && entry->wave == 0;
    }
}

static struct history_entry *entry_for(struct history_result *result, const char *scope)
{
    const struct history_entry none = {.scope = scope};
    struct history_entry *entry = find_entry(result, scope);

    if (entry != NULL)
        return entry;
    g_array_append_val(result->entries, none);
    return &g_array_index(result->entries, struct history_entry, result->entries->len - 1);
}

/* An entry that a wave held was never in force. */
static void lapse(struct history_entry *place, gint64 now)
{
    if (place->entry.listed && place->entry.wave == 0 && !list_holds(&place->entry, now)) {
        place->relapses[place->entry.reason]++;
        place->entry.listed = false;
    }
}

/* A wave holds the entry; when there is one, or the wave has let go of all, nothing is new. */
static enum policy_effect put_held(struct history_result *result, const struct history_event *row, guint index)
{
    struct history_entry *place = entry_for(result, row->scope);

    lapse(place, row->received);
    gint64 until = policy_row_until(&row->row, place->relapses[row->event.reason], row->received);
    if (!row->let_go && !list_holds(&place->entry, row->received)) {
        place->entry = (struct list_before){true, true, row->event.reason, row->event.verdict, 0, until, row->wave};
        place->carrier = index;
    }
    return POLICY_HELD;
}

/* The entry's new end; POLICY_LISTED when it stays. */
static enum policy_effect put(struct history_result *result, const struct history_event *row, guint index)
{
    struct history_entry *place = entry_for(result, row->scope);
    struct list_before *entry = &place->entry;

    lapse(place, row->received);
    gint64 until = policy_row_until(&row->row, place->relapses[row->event.reason], row->received);
    bool held = entry->wave != 0 && list_holds(entry, row->received);
    enum list_change change = held ? LIST_PUT : list_plan(entry, row->event.verdict, row->received, &until);

    if (row->wave != 0 && row->event.verdict == VERDICT_HARD)
        return put_held(result, row, index);
    if (change == LIST_KEEP)
        return POLICY_LISTED;
    if (change == LIST_PUT) {
        *entry = (struct list_before){
            .listed = true,
            .by_policy = true,
            .reason = row->event.reason,
            .verdict = row->event.verdict,
        };
        place->carrier = index;
    }
    entry->until = until;
    return POLICY_SUPPRESSED;
}

static void lift(const struct history_result *result, const struct history_event *row)
{
    g_auto(GStrv) scopes = policy_lifted_scopes(&row->event, row->tenant);

    for (guint i = 0; i < result->entries->len; i++) {
        struct history_entry *place = &g_array_index(result->entries, struct history_entry, i);

        if (g_strv_contains((const char *const *)scopes, place->scope) && list_lifted(&place->entry, row->received))
            place->entry.listed = false;
    }
}

/* The events before: the failures, and what each name stands for. */
struct replay {
    GHashTable *failures; /* scope to struct failures */
    GHashTable *seen;     /* name to struct seen */
    guint successes;
};

static struct failures *failures_of(const struct replay *replay, const char *scope)
{
    struct failures *failures = g_hash_table_lookup(replay->failures, scope);

    if (failures == NULL) {
        failures = failures_new();
        g_hash_table_insert(replay->failures, (gpointer)scope, failures);
    }
    return failures;
}

static void clear_failures(const struct replay *replay)
{
    GHashTableIter iter;
    gpointer failures;

    g_hash_table_iter_init(&iter, replay->failures);
    while (g_hash_table_iter_next(&iter, NULL, &failures))
        failures_clear(failures);
}

/* The last failure of a name. */
struct seen {
    guint successes; /* after how many it was */
    gint64 received;
    bool may_suppress; /* one of them may */
};

/* A failure is repeated by one that shares its day, its mail or its report. A mail is known by the day that its signed
 * address bears, if the failure is proven by that, or else by its Message-ID. */
enum name { NAME_DAY, NAME_SIGNED, NAME_MESSAGE_ID, NAME_REPORT, NAMES };

/* NULL for those that it has not. */
static void name_failure(const struct history_event *row, char *names[NAMES])
{
    const struct event *event = &row->event;
    g_autofree char *start = g_strdup_printf("%s\n%u %u ", row->scope, event->reason, event->verdict);
    gint64 signed_on = repetition_signed_on(event);

    names[NAME_DAY] = g_strdup_printf("%sday %" G_GINT64_FORMAT, start, row->received / DAY);
    names[NAME_SIGNED] = signed_on != 0 ? g_strdup_printf("%ssigned %" G_GINT64_FORMAT, start, signed_on) : NULL;
    names[NAME_MESSAGE_ID] = event->message_id != NULL ? g_strconcat(start, "mail ", event->message_id, NULL) : NULL;
    names[NAME_REPORT] =
        row->fingerprint != NULL && *row->fingerprint != '\0' ? g_strconcat("report ", row->fingerprint, NULL) : NULL;
}

/* Was it reported before, by what may do as much? */
static bool same_report(const struct replay *replay, const struct history_event *row, char *const names[NAMES])
{
    const struct seen *seen = names[NAME_REPORT] != NULL ? g_hash_table_lookup(replay->seen, names[NAME_REPORT]) : NULL;

    return seen != NULL && (seen->may_suppress || !row->event.may_suppress);
}

static bool shares(const struct replay *replay, const struct history_event *row, char *const names[NAMES])
{
    enum name mail = names[NAME_SIGNED] != NULL ? NAME_SIGNED : NAME_MESSAGE_ID;
    const struct seen *day = g_hash_table_lookup(replay->seen, names[NAME_DAY]);
    const struct seen *same = names[mail] != NULL ? g_hash_table_lookup(replay->seen, names[mail]) : NULL;

    return (day != NULL && day->successes == replay->successes) ||
           (same != NULL && same->received > repetition_mail_since(row->received)) || same_report(replay, row, names);
}

/* Takes the names from `first` on, and frees all. */
static void remember(struct replay *replay, const struct history_event *row, char *names[NAMES], enum name first)
{
    for (enum name i = NAME_DAY; i < NAMES; i++) {
        if (i < first || names[i] == NULL) {
            g_free(names[i]);
            continue;
        }
        const struct seen *before = g_hash_table_lookup(replay->seen, names[i]);
        struct seen *seen = g_new(struct seen, 1);
        *seen = (struct seen){replay->successes, row->received,
                              row->event.may_suppress || (before != NULL && before->may_suppress)};
        g_hash_table_insert(replay->seen, names[i], seen);
    }
}

/* A failure that an operator forgave makes a repetition of the same report and of the same mail, not of the same day.
 */
static void forgive_one(struct history_result *result, struct replay *replay, const struct history_event *row)
{
    const struct history_outcome outcome = {.effect = row->effect, .counts = true};
    char *names[NAMES];

    name_failure(row, names);
    remember(replay, row, names, NAME_SIGNED);
    g_array_append_val(result->outcomes, outcome);
}

static bool is_repeated(const struct replay *replay, const struct history_event *row, char *const names[NAMES])
{
    if (policy_counts(&row->event) && !row->stale)
        return shares(replay, row, names);
    /* It may have been a failure before, of the same day or mail as another. */
    return row->effect == POLICY_REPEATED && (!row->revised || same_report(replay, row, names));
}

static void replay_one(struct history_result *result, struct replay *replay, const struct history_event *row,
                       guint index)
{
    bool counts = policy_counts(&row->event), stale = counts && row->stale;
    char *names[NAMES];

    name_failure(row, names);
    bool repeated = is_repeated(replay, row, names);
    struct history_outcome outcome = {.counts = counts && !repeated && !stale};
    remember(replay, row, names, outcome.counts ? NAME_DAY : NAME_REPORT);

    if (outcome.counts && row->row.count > 1)
        outcome.failures = failures_reached(failures_of(replay, row->scope), &row->row, &row->event, row->received);
    outcome.effect = policy_decide(&row->row, &row->event, MAX(outcome.failures, 1));
    if (repeated)
        outcome.effect = POLICY_REPEATED;
    else if (stale)
        outcome.effect = POLICY_STALE;
    if (outcome.effect == POLICY_SUPPRESSED)
        outcome.effect = put(result, row, index);
    if (outcome.counts)
        failures_add(failures_of(replay, row->scope), &row->event, row->received);
    if (outcome.effect == POLICY_CLEARED) {
        clear_failures(replay);
        replay->successes++;
        result->cleared = row->id;
        drop_held(result);
        if (row->lifts)
            lift(result, row);
    }
    g_array_append_val(result->outcomes, outcome);
}

struct history_result *history_replay(const struct history *history)
{
    struct history_result *result = g_new0(struct history_result, 1);
    struct replay replay = {.failures =
                                g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)failures_free),
                            .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};

    result->entries = g_array_new(FALSE, FALSE, sizeof(struct history_entry));
    result->outcomes = g_array_sized_new(FALSE, FALSE, sizeof(struct history_outcome), history->events->len);
    for (guint i = 0; i < history->events->len; i++) {
        const struct history_event *row = &g_array_index(history->events, struct history_event, i);

        if (row->forgiven)
            forgive_one(result, &replay, row);
        else
            replay_one(result, &replay, row, i);
    }
    g_hash_table_unref(replay.failures);
    g_hash_table_unref(replay.seen);
    return result;
}

void history_result_free(struct history_result *result)
{
    if (result == NULL)
        return;
    g_array_unref(result->outcomes);
    g_array_unref(result->entries);
    g_free(result);
}

bool history_relapses(struct store *store, const struct suppression *entry, gint64 now, unsigned *relapses,
                      GError **error)
{
    struct history *history = history_read(store->connection, entry->subject, error);

    if (history == NULL)
        return false;
    struct history_result *result = history_replay(history);
    struct history_entry *place = entry_for(result, entry->scope);
    lapse(place, now);
    *relapses = place->relapses[entry->reason];
    history_result_free(result);
    history_free(history);
    return true;
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
