#include "store/replaying/correction.h"

#include <string.h>

#include "store/entry_key.h"
#include "store/ledger/counter.h"
#include "store/ledger/list.h"
#include "store/ledger/row.h"
#include "store/replaying/judgement.h"
#include "store/replaying/replay.h"
#include "store/undoing/image.h"

/* --- one address -------------------------------------------------------------------------------------------------- */

/* An address, and what the policy made of its history before, and makes of it now. */
struct address {
    const struct correction *correction;
    const char *recipient;
    const struct history *history;
    const struct replay_result *before;
    const struct replay_result *after;
    const char *scope; /* of the entry that is looked at, and what it was and is: */
    const struct replay_entry *was;
    const struct replay_entry *is;
};

static const struct history_event *event_at(const struct address *address, guint index)
{
    return &g_array_index(address->history->events, struct history_event, index);
}

static void judge_event(struct history_event *row, const struct revised *revised)
{
    row->revised = true;
    if (revised->proof != NULL || revised->doubted) {
        row->doubted = row->doubted || revised->doubted;
        row->event.may_suppress = !row->doubted;
        return;
    }
    row->event.reason = revised->verdict.reason;
    row->event.verdict = revised->verdict.verdict;
    row->event.rule = revised->verdict.rule;
}

/* Both are in the order of their ids. An event from before an operator's removal stays as it is, and one about mail
 * from before it is stale, now that it counts. */
static bool judge_history(const struct correction *correction, struct history *history, GError **error)
{
    g_autoptr(GString) scope = g_string_new(NULL);
    guint at = 0;

    for (guint i = 0; i < history->events->len; i++) {
        struct history_event *row = &g_array_index(history->events, struct history_event, i);

        while (at < correction->n && correction->revised[at].id < row->id)
            at++;
        if (at == correction->n || correction->revised[at].id != row->id || row->forgiven)
            continue;
        const struct policy *policy = policy_for(correction->store->policies, row->event.stream);
        judge_event(row, &correction->revised[at]);
        row->row = *policy_row_for(policy, &row->event);
        row->lifts = policy_lifts(policy, &row->event);
        if (policy_applies(&row->event))
            policy_scope(policy, &row->event, row->tenant, scope);
        else
            g_string_truncate(scope, 0);
        if (strcmp(scope->str, row->scope) != 0 && !history_move(correction->store, history, i, scope->str, error))
            return false;
    }
    return true;
}

static bool set_outcome(const struct address *address, const struct history_event *row,
                        const struct replay_outcome *outcome, GError **error)
{
    g_autofree char *text = policy_applies(&row->event) ? policy_row_format(&row->row) : NULL;
    const char *policy = row->lifts ? POLICY_LIFTS : text;
    struct query query = query_new(address->correction->store->connection, SQL_SET_OUTCOME);

    query_text(&query, policy_effect_names[outcome->effect]);
    query_text(&query, policy);
    query_optional(&query, outcome->failures);
    query_number(&query, outcome->counts);
    query_text(&query, row->scope);
    query_number(&query, row->id);
    return image_event(address->correction->store->connection, address->correction->batch, row->id, error) &&
           query_run(&query, error);
}

typedef bool counting(struct store *store, const struct event *event, gint64 received, GError **error);

/* An event that was a repetition and is none any more goes into the figures, and the other way round. */
static bool count_anew(const struct address *address, const struct history_event *row, counting *count, GError **error)
{
    struct store *store = address->correction->store;
    struct query query = query_new(store->connection, SQL_EVENT);
    struct stored_event stored;
    bool found;

    query_number(&query, row->id);
    if (!query_step(&query, &found, error) || !found)
        return !found;
    row_event(&query, &stored);
    bool good = count(store, &stored.event, stored.received, error);
    query_end(&query);
    return good;
}

static bool write_cleared_in(const struct address *address, const char *scope, GError **error)
{
    struct connection *connection = address->correction->store->connection;
    gint64 cleared = replay_cleared(address->after, scope);
    bool less = replay_cleared(address->before, scope) != cleared && address->correction->revised->doubted;

    if ((less || cleared != 0) &&
        !image_cleared(connection, address->correction->batch, address->recipient, scope, error))
        return false;
    if (less) {
        struct query query = query_new(connection, SQL_CLEAR_UP_TO);

        query_text(&query, address->recipient);
        query_number(&query, cleared);
        query_text(&query, scope);
        if (!query_run(&query, error))
            return false;
    }
    return cleared == 0 || list_forgive_counted(connection, address->recipient, scope, cleared, error);
}

/* Mail that went through clears also what counts only now. */
static bool write_cleared(const struct address *address, GError **error)
{
    const struct replay_result *results[] = {address->before, address->after};

    for (size_t i = 0; i < G_N_ELEMENTS(results); i++) {
        GHashTableIter iter;
        gpointer scope;

        g_hash_table_iter_init(&iter, results[i]->cleared);
        while (g_hash_table_iter_next(&iter, &scope, NULL)) {
            bool both = i == 0 && replay_cleared(address->after, scope) != 0;

            if (!both && !write_cleared_in(address, scope, error))
                return false;
        }
    }
    return true;
}

static bool write_outcomes(const struct address *address, GError **error)
{
    const struct replay_outcome *before = (const void *)address->before->outcomes->data;
    const struct replay_outcome *after = (const void *)address->after->outcomes->data;

    for (guint i = 0; i < address->history->events->len; i++) {
        const struct history_event *row = event_at(address, i);
        bool same = before[i].effect == after[i].effect && before[i].failures == after[i].failures &&
                    before[i].counts == after[i].counts;

        bool was = before[i].effect != POLICY_REPEATED, is = after[i].effect != POLICY_REPEATED;
        if (was != is && !count_anew(address, row, is ? counter_add : counter_take, error))
            return false;
        if ((!same || row->revised) && !set_outcome(address, row, &after[i], error))
            return false;
    }
    return write_cleared(address, error);
}

/* --- its entry ---------------------------------------------------------------------------------------------------- */

static bool same_entry(const struct address *address)
{
    const struct replay_entry *before = address->was, *after = address->is;
    bool held = list_holds(&before->entry, address->correction->now),
         holds = list_holds(&after->entry, address->correction->now);

    if (held != holds || !holds)
        return held == holds;
    return before->carrier == after->carrier && before->placement == after->placement &&
           before->entry.wave == after->entry.wave && before->entry.reason == after->entry.reason &&
           before->entry.verdict == after->entry.verdict && before->entry.until == after->entry.until;
}

/* Decides what becomes of the entry that is there; false: nothing. */
static bool plan(const struct address *address, const struct list_before *there, struct revision_listing *listing)
{
    const struct list_before *entry = &address->is->entry;
    bool is_there = list_holds(there, address->correction->now), comes = list_holds(entry, address->correction->now);

    if (same_entry(address))
        return false;
    /* It was there, and somebody took it off since. */
    if (!is_there && list_holds(&address->was->entry, address->correction->now))
        return false;
    /* An operator's, of which the log tells no more how it was. */
    if (is_there && !there->by_policy && address->was->placement == NULL && address->is->placement == NULL) {
        gint64 until = entry->until;
        if (!comes || list_plan(there, entry->verdict, address->correction->now, &until) != LIST_PUT)
            return false;
    }
    listing->effect = !comes ? REVISION_GOES : is_there ? REVISION_CHANGES : REVISION_APPEARS;
    listing->from = is_there ? there->reason : REASON_NONE;
    listing->to = comes ? entry->reason : REASON_NONE;
    return is_there || comes;
}

/* The entry that was placed is as it was, but for its end, if other events made that later. */
static bool put_placed(const struct address *address, const struct list_before *there, const struct list_cause *cause,
                       GError **error)
{
    struct connection *connection = address->correction->store->connection;
    const struct history_placement *placement = address->is->placement;
    gint64 until = address->is->entry.until;
    const struct suppression entry = {.subject = address->recipient, .scope = address->scope, .until = until};
    bool same = list_holds(there, cause->now) && address->was->placement == placement;

    if (!same && !list_restore(connection, &entry, placement->sequence, there->listed, cause, error))
        return false;
    return (!same && placement->entry.until == until) || list_prolong(connection, &entry, cause, error);
}

static bool put_entry(const struct address *address, const struct list_before *there, const struct list_cause *cause,
                      GError **error)
{
    const struct list_before *is = &address->is->entry;
    g_autofree char *policy = policy_row_format(&event_at(address, address->is->carrier)->row);
    const struct suppression entry = {
        .subject = address->recipient,
        .scope = address->scope,
        .reason = is->reason,
        .verdict = is->verdict,
        .until = is->until,
        .wave = is->wave,
        .policy = policy,
        .who = LIST_POLICY,
        .door = STORE_DOOR_POLICY,
    };

    return list_put(address->correction->store->connection, &entry, there, cause, error);
}

/* The event that made the entry or makes it; NULL if it was placed. */
static const struct history_event *carrier_of(const struct address *address, enum revision_effect effect)
{
    const struct replay_entry *result = effect == REVISION_GOES ? address->was : address->is;

    return result->placement == NULL ? event_at(address, result->carrier) : NULL;
}

static bool change_list(const struct address *address, const struct list_before *there,
                        const struct revision_listing *listing, GError **error)
{
    const struct history_event *carrier = carrier_of(address, listing->effect);
    const char *proof = address->correction->revised->proof;
    const char *text = proof != NULL ? proof : address->correction->order->note;
    g_autofree char *note = text != NULL ? g_strdup(text) : g_strdup_printf("reclassify: %s", listing->rule);
    const struct list_cause cause = {
        .who = address->correction->order->who,
        .door = proof != NULL ? STORE_DOOR_POLICY : address->correction->order->door,
        .note = note,
        .batch = address->correction->order->batch,
        .now = address->correction->now,
        .event = carrier != NULL ? carrier->id : 0,
        .message = carrier != NULL ? carrier->message : 0,
    };
    const struct suppression entry = {.subject = address->recipient, .scope = address->scope};

    if (listing->effect == REVISION_GOES)
        return list_remove(address->correction->store->connection, &entry, &cause, error);
    return (carrier == NULL ? put_placed : put_entry)(address, there, &cause, error);
}

/* The rule that is to be named: of the event that made the entry or makes it, when that was judged again. */
static const char *rule_of(const struct address *address, enum revision_effect effect)
{
    const struct history_event *carrier = carrier_of(address, effect);

    return carrier != NULL && carrier->revised ? carrier->event.rule : address->correction->revised->verdict.rule;
}

static bool correct_entry(const struct address *address, GArray *listings, GStringChunk *strings, GError **error)
{
    struct revision_listing listing = {.recipient = address->correction->revised->recipient};
    struct list_before there;

    if (!list_read(address->correction->store->connection, address->recipient, address->scope, &there, error))
        return false;
    if (!plan(address, &there, &listing))
        return true;
    listing.rule = rule_of(address, listing.effect);
    if (listings != NULL) {
        listing.scope = g_string_chunk_insert_const(strings, entry_scope_text(address->scope));
        g_array_append_val(listings, listing);
    }
    return address->correction->order == NULL || change_list(address, &there, &listing, error);
}

/* Each scope in which there was or is an entry. */
static bool correct_list(struct address *address, GArray *listings, GStringChunk *strings, GError **error)
{
    const GArray *const both[] = {address->before->entries, address->after->entries};

    for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
        for (guint at = 0; at < both[i]->len; at++) {
            address->scope = g_array_index(both[i], struct replay_entry, at).scope;
            address->was = replay_entry_of(address->before, address->scope);
            address->is = replay_entry_of(address->after, address->scope);
            if (i == 1 && address->was->scope != NULL)
                continue; /* it was looked at */
            if (!correct_entry(address, listings, strings, error))
                return false;
        }
    }
    return true;
}

static bool correct_address(const struct correction *correction, struct history *history, GArray *listings,
                            GStringChunk *strings, GError **error)
{
    g_autoptr(ReplayResult) before = replay_run(history);
    if (!judge_history(correction, history, error))
        return false;
    g_autoptr(ReplayResult) after = replay_run(history);
    struct address address = {
        .correction = correction,
        .recipient = correction->revised->recipient,
        .history = history,
        .before = before,
        .after = after,
    };

    return (correction->order == NULL || write_outcomes(&address, error)) &&
           correct_list(&address, listings, strings, error);
}

static bool revise_events(const struct correction *correction, GError **error)
{
    bool good = true;

    for (guint i = 0; good && correction->order != NULL && i < correction->n; i++)
        good = judgement_write(correction, &correction->revised[i], error);
    return good;
}

bool correction_run(const struct correction *correction, GArray *listings, GStringChunk *strings, GError **error)
{
    const char *recipient = correction->revised->recipient;

    if (recipient == NULL)
        return revise_events(correction, error);
    /* As it was before: read first. */
    g_autoptr(History) history = history_read(correction->store->connection, recipient, error);
    return history != NULL && revise_events(correction, error) &&
           correct_address(correction, history, listings, strings, error);
}
