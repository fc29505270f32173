#include "store/replaying/replay.h"

#include <string.h>

#include "store/ledger/repetition.h"
#include "store/policy/failures.h"

#define DAY G_GINT64_CONSTANT(86400)

static struct replay_entry *find_entry(const struct replay_result *result, const char *scope)
{
    for (guint i = 0; i < result->entries->len; i++) {
        struct replay_entry *entry = &g_array_index(result->entries, struct replay_entry, i);

        if (strcmp(entry->scope, scope) == 0)
            return entry;
    }
    return NULL;
}

const struct replay_entry *replay_entry_of(const struct replay_result *result, const char *scope)
{
    static const struct replay_entry none;
    const struct replay_entry *entry = find_entry(result, scope);

    return entry != NULL ? entry : &none;
}

gint64 replay_cleared(const struct replay_result *result, const char *scope)
{
    const gint64 *id = g_hash_table_lookup(result->cleared, scope);

    return id != NULL ? *id : 0;
}

/* "" is every scope. */
static bool covers(const char *scope, const char *other)
{
    return *scope == '\0' || strcmp(scope, other) == 0;
}

/* The entries that a wave holds go. */
static void drop_held(const struct replay_result *result, const char *scope)
{
    for (guint i = 0; i < result->entries->len; i++) {
        struct replay_entry *place = &g_array_index(result->entries, struct replay_entry, i);

        if (covers(scope, place->scope))
            place->entry.listed = place->entry.listed && place->entry.wave == 0;
    }
}

static struct replay_entry *entry_for(struct replay_result *result, const char *scope)
{
    const struct replay_entry none = {.scope = scope};
    struct replay_entry *entry = find_entry(result, scope);

    if (entry != NULL)
        return entry;
    g_array_append_val(result->entries, none);
    return &g_array_index(result->entries, struct replay_entry, result->entries->len - 1);
}

/* An entry that a wave held was never in force; and one that was placed says nothing of how often the address fails. */
static void lapse(struct replay_entry *place, gint64 now)
{
    if (place->entry.listed && place->entry.wave == 0 && !list_holds(&place->entry, now)) {
        place->relapses[place->entry.reason] += place->placement == NULL;
        place->entry.listed = false;
    }
}

/* Puts the entry on that was placed. */
static void place_one(struct replay_result *result, const struct history_placement *placement)
{
    struct replay_entry *place = entry_for(result, placement->scope);

    lapse(place, placement->at);
    place->entry = placement->entry;
    place->placement = placement;
}

/* Those from `*next` on that were there before the event; all for NULL. */
static void place_before(struct replay_result *result, const struct history *history, guint *next,
                         const struct history_event *row)
{
    for (; *next < history->placements->len; ++*next) {
        const struct history_placement *placement =
            &g_array_index(history->placements, struct history_placement, *next);

        if (row != NULL && !history_precedes(placement, row))
            return;
        place_one(result, placement);
    }
}

/* A wave holds the entry; when there is one, or the wave has let go of all, nothing is new. */
static enum policy_effect put_held(struct replay_result *result, const struct history_event *row, guint index)
{
    struct replay_entry *place = entry_for(result, row->scope);

    lapse(place, row->received);
    gint64 until = policy_row_until(&row->row, place->relapses[row->event.reason], row->received);
    if (!row->let_go && !list_holds(&place->entry, row->received)) {
        place->entry = (struct list_before){true, true, row->event.reason, row->event.verdict, 0, until, row->wave};
        place->carrier = index;
        place->placement = NULL;
    }
    return POLICY_HELD;
}

/* The entry's new end; POLICY_LISTED when it stays. */
static enum policy_effect put(struct replay_result *result, const struct history_event *row, guint index)
{
    struct replay_entry *place = entry_for(result, row->scope);
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
        place->placement = NULL;
    }
    entry->until = until;
    return POLICY_SUPPRESSED;
}

static void lift(const struct replay_result *result, const struct history_event *row)
{
    g_auto(GStrv) scopes = policy_lifted_scopes(&row->event, row->tenant);

    for (guint i = 0; i < result->entries->len; i++) {
        struct replay_entry *place = &g_array_index(result->entries, struct replay_entry, i);

        if (g_strv_contains((const char *const *)scopes, place->scope) && list_lifted(&place->entry, row->received))
            place->entry.listed = false;
    }
}

/* The events before: the failures, and what each name stands for. */
struct replay {
    GHashTable *failures;  /* scope to struct failures */
    GHashTable *seen;      /* name to struct seen */
    GHashTable *successes; /* of a scope, or, "", of every one: how often mail went through (GUINT_TO_POINTER) */
};

static guint successes_of(const struct replay *replay, const char *scope)
{
    guint all = GPOINTER_TO_UINT(g_hash_table_lookup(replay->successes, ""));

    return *scope == '\0' ? all : all + GPOINTER_TO_UINT(g_hash_table_lookup(replay->successes, scope));
}

static struct failures *failures_of(const struct replay *replay, const char *scope)
{
    struct failures *failures = g_hash_table_lookup(replay->failures, scope);

    if (failures == NULL) {
        failures = failures_new();
        g_hash_table_insert(replay->failures, (gpointer)scope, failures);
    }
    return failures;
}

static void clear_failures(const struct replay *replay, const char *scope)
{
    GHashTableIter iter;
    gpointer other, failures;

    g_hash_table_iter_init(&iter, replay->failures);
    while (g_hash_table_iter_next(&iter, &other, &failures)) {
        if (covers(scope, other))
            failures_clear(failures);
    }
}

/* Mail went through. */
static void clear(const struct replay_result *result, const struct replay *replay, const struct history_event *row)
{
    g_auto(GStrv) scopes = policy_cleared_scopes(&row->event, row->tenant);

    for (char **scope = scopes; *scope != NULL; scope++) {
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(replay->successes, *scope));

        clear_failures(replay, *scope);
        drop_held(result, *scope);
        g_hash_table_insert(replay->successes, g_strdup(*scope), GUINT_TO_POINTER(n + 1));
        g_hash_table_insert(result->cleared, g_strdup(*scope), g_memdup2(&row->id, sizeof row->id));
    }
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

    return (day != NULL && day->successes == successes_of(replay, row->scope)) ||
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
        *seen = (struct seen){successes_of(replay, row->scope), row->received,
                              row->event.may_suppress || (before != NULL && before->may_suppress)};
        g_hash_table_insert(replay->seen, names[i], seen);
    }
}

/* A failure that an operator forgave makes a repetition of the same report and of the same mail, not of the same day.
 */
static void forgive_one(struct replay_result *result, struct replay *replay, const struct history_event *row)
{
    const struct replay_outcome outcome = {.effect = row->effect, .counts = true};
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

static void replay_one(struct replay_result *result, struct replay *replay, const struct history_event *row,
                       guint index)
{
    bool counts = policy_counts(&row->event), stale = counts && row->stale;
    char *names[NAMES];

    name_failure(row, names);
    bool repeated = is_repeated(replay, row, names);
    struct replay_outcome outcome = {.counts = counts && !repeated && !stale};
    remember(replay, row, names, outcome.counts ? NAME_DAY : NAME_REPORT);

    if (outcome.counts && row->row.count > 1)
        outcome.failures = failures_reached(failures_of(replay, row->scope), &row->row, &row->event, row->received);
    outcome.effect = policy_decide(&row->row, &row->event, MAX(outcome.failures, 1));
    if (outcome.effect == POLICY_UNPROVEN && row->doubted)
        outcome.effect = POLICY_ROLLED_BACK;
    if (repeated)
        outcome.effect = POLICY_REPEATED;
    else if (stale)
        outcome.effect = POLICY_STALE;
    if (outcome.effect == POLICY_SUPPRESSED)
        outcome.effect = put(result, row, index);
    if (outcome.counts)
        failures_add(failures_of(replay, row->scope), &row->event, row->received);
    if (outcome.effect == POLICY_CLEARED) {
        clear(result, replay, row);
        if (row->lifts)
            lift(result, row);
    }
    g_array_append_val(result->outcomes, outcome);
}

struct replay_result *replay_run(const struct history *history)
{
    struct replay_result *result = g_new0(struct replay_result, 1);
    struct replay replay = {.failures =
                                g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)failures_free),
                            .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                            .successes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    guint next = 0;

    result->cleared = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    result->entries = g_array_new(FALSE, FALSE, sizeof(struct replay_entry));
    result->outcomes = g_array_sized_new(FALSE, FALSE, sizeof(struct replay_outcome), history->events->len);
    for (guint i = 0; i < history->events->len; i++) {
        const struct history_event *row = &g_array_index(history->events, struct history_event, i);

        place_before(result, history, &next, row);
        if (row->forgiven)
            forgive_one(result, &replay, row);
        else
            replay_one(result, &replay, row, i);
    }
    place_before(result, history, &next, NULL);
    g_hash_table_unref(replay.failures);
    g_hash_table_unref(replay.seen);
    g_hash_table_unref(replay.successes);
    return result;
}

void replay_result_free(struct replay_result *result)
{
    if (result == NULL)
        return;
    g_array_unref(result->outcomes);
    g_array_unref(result->entries);
    g_hash_table_unref(result->cleared);
    g_free(result);
}

bool replay_relapses(struct store *store, const struct suppression *entry, gint64 now, unsigned *relapses,
                     GError **error)
{
    struct history *history = history_read(store->connection, entry->subject, error);

    if (history == NULL)
        return false;
    struct replay_result *result = replay_run(history);
    struct replay_entry *place = entry_for(result, entry->scope);
    lapse(place, now);
    *relapses = place->relapses[entry->reason];
    replay_result_free(result);
    history_free(history);
    return true;
}
