#include "store/adding/addition.h"

#include "store/adding/message_row.h"
#include "store/adding/proving.h"
#include "store/adding/remainder.h"
#include "store/ledger/counter.h"
#include "store/ledger/list.h"
#include "store/ledger/repetition.h"
#include "store/replaying/replay.h"
#include "store/waves/guard.h"
#include "store/waves/holding.h"

/* One event on its way into the store. */
struct addition {
    const struct store_message *message;
    gint64 message_id;
    const struct event *event;
    const struct policy *policy;
    const struct policy_row *row;
    const char *policy_text; /* NULL when no row was applied */
    const char *scope;       /* of the entry that it makes or counts towards, as the database has it */
    bool counts;             /* policy_counts() */
    unsigned failures;       /* policy_row_reached(); 0 when the row waits for none */
    bool repeated;           /* it was reported before */
    bool stale;              /* about mail from before an operator took the address off the list */
    enum policy_effect effect;
    struct list_before before; /* of POLICY_SUPPRESSED and POLICY_HELD */
    enum list_change change;
    gint64 until;
    gint64 wave; /* that the failure is part of; 0: none */
};

static bool add_event(struct store *store, const struct addition *addition, GError **error)
{
    struct query query = query_new(store->connection, SQL_ADD_EVENT);

    query_number(&query, addition->message_id);
    query_number(&query, addition->message->received);
    query_text(&query, addition->message->rule_version);
    query_text(&query, policy_effect_names[addition->effect]);
    query_text(&query, addition->policy_text);
    query_optional(&query, addition->failures);
    query_number(&query, addition->counts);
    query_number(&query, addition->event->may_suppress);
    query_text(&query, addition->event->command);
    query_blob(&query, addition->event->fingerprint, EVENT_FINGERPRINT_SIZE);
    query_text(&query, addition->scope);
    query_text_within(&query, addition->event->receiver, STORE_TEXT_MAX);
    query_optional(&query, addition->effect == POLICY_HELD ? addition->wave : 0);
    message_row_bind(&query, addition->event, EVENT_OWNER_RECIPIENT);
    return query_run(&query, error);
}

/* Asks for the failures before, of the row's time; as many as matter. */
static struct query ask_failures(struct store *store, const struct addition *addition, enum sql sql, unsigned limit)
{
    const struct policy_row *row = addition->row;
    struct query query = query_new(store->connection, sql);

    query_text(&query, addition->event->recipient);
    query_text(&query, reason_names[addition->event->reason]);
    query_number(&query, row->within == 0 ? G_MININT64 : addition->message->received - row->within);
    query_number(&query, limit);
    query_text(&query, addition->scope);
    return query;
}

/* `n` of them, this one included. */
static bool count_number(struct store *store, const struct addition *addition, size_t *n, GError **error)
{
    struct query query = ask_failures(store, addition, SQL_FAILURES, addition->row->count);
    bool found;

    if (!query_step(&query, &found, error))
        return false;
    *n = (size_t)query_number_at(&query, 0) + 1;
    query_end(&query);
    return true;
}

/* The times of them, this one included. */
static bool read_times(struct store *store, const struct addition *addition, GArray *times, GError **error)
{
    struct query query = ask_failures(store, addition, SQL_FAILURE_TIMES, ROW_COUNT_MAX);
    gint64 time = policy_time(addition->event->occurred, addition->message->received);
    bool row = true;

    g_array_append_val(times, time);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        time = row ? policy_time(query_number_at(&query, 0), query_number_at(&query, 1)) : 0;
        if (row)
            g_array_append_val(times, time);
    }
    return true;
}

/* How far the failures of the address have come, this one included. */
static bool count_failures(struct store *store, struct addition *addition, GError **error)
{
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));
    bool timed = policy_row_wants_times(addition->row);
    size_t n = 0;

    if (timed ? !read_times(store, addition, times, error) : !count_number(store, addition, &n, error))
        return false;
    addition->failures = policy_row_reached(addition->row, (gint64 *)(void *)times->data, timed ? times->len : n);
    return true;
}

/* The stay of an entry that may have to come back longer each time. */
static bool find_until(struct store *store, struct addition *addition, GError **error)
{
    const struct event *event = addition->event;
    const struct suppression entry = {.subject = event->recipient, .scope = addition->scope, .reason = event->reason};
    gint64 now = addition->message->received;
    unsigned relapses = 0;

    if (addition->row->stays_n > 1 && !replay_relapses(store, &entry, now, &relapses, error))
        return false;
    addition->until = policy_row_until(addition->row, relapses, now);
    return true;
}

static bool is_hard(const struct addition *addition)
{
    return addition->event->verdict == VERDICT_HARD;
}

/* The effect of the failure on the entry that is there. One that a wave holds is as none; but when its address fails
 * hard again after that, it takes effect. */
static bool plan(struct store *store, struct addition *addition, GError **error)
{
    static const struct list_before none;
    const struct list_before *before = &addition->before;
    gint64 now = addition->message->received;
    bool held = before->wave != 0 && list_holds(before, now), believed = false;

    if (!find_until(store, addition, error))
        return false;
    if (held && is_hard(addition)) {
        if (!guard_believes(store->connection, before->wave, now, &believed, error))
            return false;
        addition->change = believed ? LIST_CONFIRM : LIST_KEEP;
        addition->effect = believed ? POLICY_SUPPRESSED : POLICY_HELD;
        addition->wave = before->wave;
        return true;
    }
    addition->change = list_plan(held ? &none : before, addition->event->verdict, now, &addition->until);
    if (addition->change == LIST_KEEP)
        addition->effect = POLICY_LISTED;
    return true;
}

/* Does its receiver fail so much just now that it is not believed? Entries that are in force stay as they are. */
static bool look_for_wave(struct store *store, struct addition *addition, GError **error)
{
    bool suppresses = addition->effect == POLICY_SUPPRESSED && addition->change != LIST_CONFIRM;

    if (!is_hard(addition) || !addition->counts || (!suppresses && addition->effect != POLICY_COUNTED))
        return true;
    if (!holding_count(store, addition->message, addition->event, &addition->wave, error))
        return false;
    if (addition->wave == 0 || !suppresses)
        return true;
    addition->effect = POLICY_HELD;
    if (list_holds(&addition->before, addition->message->received))
        addition->change = LIST_KEEP;
    return true;
}

/* Finds the effect; and when that is to suppress, what it does to the entry that is there. */
static bool decide(struct store *store, struct addition *addition, GError **error)
{
    const struct event *event = addition->event;

    if (addition->counts && addition->row->count > 1 && !count_failures(store, addition, error))
        return false;
    addition->effect = policy_decide(addition->row, event, MAX(addition->failures, 1));
    if (addition->repeated)
        addition->effect = POLICY_REPEATED;
    else if (addition->stale)
        addition->effect = POLICY_STALE;
    if (addition->effect != POLICY_SUPPRESSED)
        return look_for_wave(store, addition, error);
    return list_read(store->connection, event->recipient, addition->scope, &addition->before, error) &&
           plan(store, addition, error) && look_for_wave(store, addition, error);
}

static bool suppress(struct store *store, const struct addition *addition, gint64 event_id, GError **error)
{
    const struct suppression entry = {
        .subject = addition->event->recipient,
        .scope = addition->scope,
        .reason = addition->event->reason,
        .verdict = addition->event->verdict,
        .policy = addition->policy_text,
        .who = LIST_POLICY,
        .door = STORE_DOOR_POLICY,
        .until = addition->until,
        .wave = addition->wave,
    };
    const struct list_cause cause = {
        .who = LIST_POLICY,
        .door = STORE_DOOR_POLICY,
        .now = addition->message->received,
        .event = event_id,
        .message = addition->message_id,
    };

    if (addition->change == LIST_KEEP)
        return true;
    if (addition->change == LIST_CONFIRM)
        return list_confirm(store->connection, &entry, &cause, error) &&
               holding_note_confirmed(store->connection, addition->wave, error);
    if (addition->change == LIST_PROLONG)
        return list_prolong(store->connection, &entry, &cause, error);
    return list_put(store->connection, &entry, &addition->before, &cause, error);
}

/* Ends the entries that would end by themselves. */
static bool lift(struct store *store, const struct addition *addition, gint64 event_id, GError **error)
{
    const struct event *event = addition->event;
    g_auto(GStrv) scopes = policy_lifted_scopes(event, state_tenant(store, event->stream));
    const struct list_cause cause = {
        .who = LIST_POLICY,
        .door = STORE_DOOR_POLICY,
        .note = "mail went through",
        .now = addition->message->received,
        .event = event_id,
        .message = addition->message_id,
    };

    for (char **scope = scopes; *scope != NULL; scope++) {
        const struct suppression entry = {.subject = event->recipient, .scope = *scope};
        struct list_before before;

        if (!list_read(store->connection, entry.subject, entry.scope, &before, error) ||
            (list_lifted(&before, cause.now) && !list_remove(store->connection, &entry, &cause, error)))
            return false;
    }
    return true;
}

/* Mail went through: failures before it count no more, and what a wave holds goes. */
static bool clear(struct store *store, const struct addition *addition, gint64 event_id, GError **error)
{
    const struct event *event = addition->event;
    g_auto(GStrv) scopes = policy_cleared_scopes(event, state_tenant(store, event->stream));
    const struct list_cause cause = {
        .now = addition->message->received, .event = event_id, .message = addition->message_id};

    for (char **scope = scopes; *scope != NULL; scope++) {
        if (!list_forgive_counted(store->connection, event->recipient, *scope, event_id, error) ||
            !holding_release(store, event->recipient, *scope, &cause, error))
            return false;
    }
    return !policy_lifts(addition->policy, event) || lift(store, addition, event_id, error);
}

/* Does what the effect says. */
static bool change_list(struct store *store, const struct addition *addition, gint64 event_id, GError **error)
{
    if (addition->effect == POLICY_SUPPRESSED || addition->effect == POLICY_HELD)
        return suppress(store, addition, event_id, error);
    return addition->effect != POLICY_CLEARED || clear(store, addition, event_id, error);
}

static bool add_one(struct store *store, struct addition *addition, GError **error)
{
    const struct event *event = addition->event;
    gint64 received = addition->message->received;
    g_autoptr(GString) scope = g_string_new(NULL);
    g_autofree char *text = NULL;

    addition->policy = policy_for(store->policies, event->stream);
    addition->row = policy_row_for(addition->policy, event);
    if (policy_applies(event))
        policy_scope(addition->policy, event, state_tenant(store, event->stream), scope);
    addition->scope = scope->str;
    if (!repetition_found(store, event, received, addition->scope, &addition->repeated, error) ||
        !repetition_stale(store, event, addition->scope, &addition->stale, error))
        return false;
    addition->counts = policy_counts(event) && !addition->repeated && !addition->stale;
    if (!decide(store, addition, error))
        return false;
    if (policy_applies(event))
        text = policy_row_format(addition->row);
    addition->policy_text = policy_lifts(addition->policy, event) ? POLICY_LIFTS : text;
    if (!add_event(store, addition, error))
        return false;

    gint64 event_id = connection_made(store->connection);
    if ((!addition->repeated && !counter_add(store, event, received, error)) ||
        !proving_add(store, event, event_id, addition->message_id, error))
        return false;
    return change_list(store, addition, event_id, error);
}

enum store_result addition_run(struct store *store, const struct store_message *message, const struct event *events,
                               size_t n, GError **error)
{
    static const struct event none;
    g_autoptr(Remainder) remainder = remainder_new(message);
    bool another, added;

    if (!message_row_namesake(store, message, &another, error))
        return STORE_RESULT_FAILED;
    if (another)
        return STORE_RESULT_CONFLICT;
    if (!message_row_add(store, message, n > 0 ? events : &none, &added, error))
        return STORE_RESULT_FAILED;
    if (!added)
        return STORE_RESULT_DUPLICATE;

    struct addition addition = {.message = message, .message_id = connection_made(store->connection)};
    if (message->raw != NULL && !message_row_add_raw(store, message, addition.message_id, error))
        return STORE_RESULT_FAILED;
    for (size_t i = 0; i < n; i++) {
        struct addition one = addition;
        if (remainder_take(remainder, &events[i]))
            continue;
        struct event event = events[i];
        guint8 fingerprint[EVENT_FINGERPRINT_SIZE];
        event.fingerprint = repetition_fingerprint(&event, message->received, fingerprint) ? fingerprint : NULL;
        one.event = &event;
        if (!add_one(store, &one, error))
            return STORE_RESULT_FAILED;
    }
    if (!remainder_store(remainder, store, addition.message_id, error))
        return STORE_RESULT_FAILED;
    if (message->raw != NULL && !proving_claim(store, events, n, addition.message_id, message->received, error))
        return STORE_RESULT_FAILED;
    return STORE_RESULT_ADDED;
}

bool addition_message(struct store *store, const struct store_message *message, const struct event *event,
                      struct addition_origin *origin, GError **error)
{
    bool added;

    if (!message_row_add(store, message, event, &added, error))
        return false;
    g_assert(added);
    *origin = (struct addition_origin){connection_made(store->connection), message->received};
    return true;
}

bool addition_event(struct store *store, const struct addition_origin *origin, const char *scope,
                    const struct event *event, gint64 *id, GError **error)
{
    const struct store_message of = {.received = origin->received};
    const struct addition addition = {
        .message = &of, .message_id = origin->message, .event = event, .scope = scope, .effect = POLICY_SUPPRESSED};

    if (!add_event(store, &addition, error))
        return false;
    *id = connection_made(store->connection);
    return true;
}
