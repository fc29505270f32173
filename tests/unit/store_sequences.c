/* The policy over time: sequences of events, and the entries that they make; then sequences made at random. */
#include <stdlib.h>

#include "store/replaying/replay.h"
#include "store/revision.h"
#include "store_temporary.h"

#define HOUR G_GINT64_CONSTANT(3600)
#define START (NOON - 12 * HOUR)
#define ADDRESS "someone@example.com"

/* One policy for all, whose rows are `row` for mailbox_full and mailbox_disabled. */
static GPtrArray *make_policies(const char *row, bool lifts)
{
    GPtrArray *policies = g_ptr_array_new_with_free_func((GDestroyNotify)policy_free);
    struct policy *policy = policy_new(NULL);

    g_assert_true(policy_set(policy, REASON_MAILBOX_FULL, row, NULL));
    g_assert_true(policy_set(policy, REASON_MAILBOX_DISABLED, row, NULL));
    policy->success_lifts = lifts;
    g_ptr_array_add(policies, policy);
    return policies;
}

static void expire(struct temporary *temporary, gint64 now)
{
    static const struct store_keeping keeping;
    bool more = true;

    while (more)
        g_assert_true(store_maintain(temporary->store, &keeping, now, 10, &more, NULL));
}

/* --- sequences ---------------------------------------------------------------------------------------------------- */

/* The letters of the sequences. */
static const struct {
    char letter;
    enum report_kind kind;
    enum reason reason;
    bool proven;
} letters[] = {
    {'f', REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, true},     {'F', REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, false},
    {'d', REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, true}, {'h', REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, true},
    {'H', REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, false},    {'e', REPORT_KIND_BOUNCE, REASON_EXPIRED, true},
    {'w', REPORT_KIND_DELAY, REASON_MAILBOX_FULL, true},      {'s', REPORT_KIND_DELIVERED, REASON_DELIVERED, true},
    {'S', REPORT_KIND_DELIVERED, REASON_DELIVERED, false},    {'c', REPORT_KIND_FEEDBACK, REASON_FEEDBACK, true},
};

/* Steps "DAY[.HOUR]LETTER", at noon where no hour is said: one of the letters above; "r": an operator takes the address
 * off; "u": all failures so far are believed no more. "DAY[.HOUR]<DAYf": a failure from that day, reported now. The
 * entries, "FROM-UNTIL" in days since the start, "!" behind one that ended early; none but the last day: for good. */
static const struct {
    const char *name, *row;
    bool lifts;
    const char *steps, *entries;
} sequences[] = {
    {"at once, for good", "1", false, "0f", "0-"},
    {"too few", "3 in 10d", false, "0f 1f", ""},
    {"the third", "3 in 10d", false, "0f 1f 2f", "2-"},
    {"the third comes too late", "3 in 10d", false, "0f 1f 11f", ""},
    {"once a day", "3 in 10d", false, "0.1f 0.2f 0.3f 1f", ""},
    {"a success clears", "3 in 10d", false, "0f 1f 2s 3f 4f", ""},
    {"an unproven success does not", "3 in 10d", false, "0f 1f 2S 3f", "3-"},
    {"delays and the network's faults do not count", "2", false, "0w 1w 2e 3e 4f 5e 6w", ""},
    {"unproven failures do not count", "2", false, "0F 1F 2F 3f 4F", ""},
    {"it prolongs while it lasts", "1, for 10d", false, "0f 5f 20f", "0-15 20-30"},

    {"different days", "3 on 3 days", false, "0f 1f 2f", "2-"},
    {"reports of one day that were held up", "3 on 3 days", false, "3<3f 4<3f 5<3f", ""},
    {"so they count without it", "3", false, "3<3f 4<3f 5<3f", "5-"},
    {"fewer days than failures", "4 on 2 days", false, "3<3f 4<3f 5<3f 6<3f 7f", "7-"},
    {"enough days, too few failures", "4 on 2 days", false, "0f 1f 2f", ""},
    {"a success clears the days", "3 on 3 days", false, "0f 1f 2s 3f 4f", ""},
    {"apart", "3 spaced 2d", false, "0f 1f 2f 3f", ""},
    {"apart at last", "3 spaced 2d", false, "0f 1f 2f 3f 4f", "4-"},
    {"apart within a time", "3 in 5d spaced 2d", false, "0f 3f 5f", ""},
    {"apart within the time", "3 in 5d spaced 2d", false, "0f 3f 5f 7f", "7-"},

    {"longer on relapse", "1, for 7d, then 30d, then for good", false, "0f 10f 50f", "0-7 10-40 50-"},
    {"the last one holds", "1, for 7d, then 30d", false, "0f 10f 50f 90f", "0-7 10-40 50-80 90-120"},
    {"no relapse while it lasts", "1, for 7d, then 30d", false, "0f 1f 2f", "0-9"},
    {"at its very end it is one", "1, for 7d, then 30d", false, "0f 7f", "0-7 7-37"},
    {"another reason is none", "1, for 7d, then 30d", false, "0f 10d 20f", "0-7 10-17 20-50"},
    {"an operator's removal is none", "1, for 7d, then 30d", false, "0f 3r 10f", "0-3! 10-17"},
    {"and forgets those before", "1, for 7d, then 30d", false, "0f 10f 12r 20f", "0-7 10-12! 20-27"},
    {"one that was undone is none", "1, for 7d, then 30d", false, "0f 8u 10f", "0-7 10-17"},
    {"a success between them changes nothing", "1, for 7d, then 30d", false, "0f 9s 10f", "0-7 10-40"},

    {"a success takes nobody off", "1, for 7d", false, "0f 1s", "0-7"},
    {"but where it lifts", "1, for 7d", true, "0f 1s", "0-1!"},
    {"which is no relapse", "1, for 7d, then 30d", true, "0f 1s 10f", "0-1! 10-17"},
    {"an unproven one lifts nothing", "1, for 7d", true, "0f 1S", "0-7"},
    {"nor what is for good", "1", true, "0f 1s", "0-"},
    {"nor what is hard", "1, for 7d", true, "0h 1s", "0-"},
    {"nor a complaint", "1, for 7d", true, "0c 1s", "0-"},
};

static void add_failure(struct temporary *temporary, char letter, gint64 occurred, gint64 now)
{
    for (size_t i = 0; i < G_N_ELEMENTS(letters); i++) {
        if (letters[i].letter != letter)
            continue;
        struct event event = temporary_event(letters[i].kind, letters[i].reason, ADDRESS);
        event.may_suppress = letters[i].proven;
        event.evidence = letters[i].proven ? REPORT_EVIDENCE_AUTHENTICATED : REPORT_EVIDENCE_UNPROVEN;
        event.occurred = occurred;
        /* reports of one time are told apart by their mail */
        g_autofree char *message_id = g_strdup_printf("<%u@example.org>", temporary->messages);
        event.message_id = message_id;
        temporary_add(temporary, &event, 1, now);
        return;
    }
    g_assert_not_reached();
}

/* Believes the events no more that `choose` chooses. */
static void doubt(struct store *store, bool (*choose)(GRand *random), GRand *random, gint64 now)
{
    const struct store_filter filter = {0};
    const struct revision_order order = {
        .who = "ann", .now = now, .note = "rollback: a test", .rule_version = "v1", .batch = "b"};
    g_autoptr(GError) error = NULL;
    g_autoptr(Revision) revision = revision_new(store, &filter, &error);
    struct stored_event row;

    while (revision_next(revision, &row, &error)) {
        if (choose == NULL || choose(random))
            revision_doubt(revision);
    }
    while (revision_left(revision) > 0)
        g_assert_true(revision_apply(revision, &order, 100, &error));
    g_assert_no_error(error);
}

static gint64 read_day(const char **at)
{
    char *end;
    gint64 day = strtol(*at, &end, 10), hour = 12;

    if (*end == '.')
        hour = strtol(end + 1, &end, 10);
    *at = end;
    return START + day * DAY + hour * HOUR;
}

static void take_step(struct temporary *temporary, const char *step)
{
    gint64 now = read_day(&step), occurred = 0;

    expire(temporary, now);
    if (*step == '<') {
        step++;
        occurred = read_day(&step) - HOUR;
    }
    if (*step == 'r') {
        const struct store_order order = {.subject = ADDRESS, .who = "ann", .now = now};
        bool removed;
        g_assert_true(store_unsuppress(temporary->store, &order, &removed, NULL));
    } else if (*step == 'u') {
        doubt(temporary->store, NULL, NULL, now);
    } else {
        add_failure(temporary, *step, occurred, now);
    }
}

static gint64 day_of(gint64 time)
{
    return (time - START) / DAY;
}

/* "0-7 10-" */
static char *read_entries(struct store *store)
{
    const struct store_filter filter = {0};
    g_autoptr(StoreCursor) cursor = store_changes(store, &filter, NULL);
    GString *entries = g_string_new(NULL);
    gint64 since = 0, until = 0;
    struct change row;

    while (store_next_change(cursor, &row, NULL)) {
        bool goes = strcmp(row.change, "remove") == 0, ends = goes || strcmp(row.change, "expire") == 0;

        if (ends)
            g_string_append_printf(entries, "%s%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "%s",
                                   entries->len > 0 ? " " : "", day_of(since), day_of(goes ? row.at : row.until),
                                   goes ? "!" : "");
        since = ends ? 0 : strcmp(row.change, "add") == 0 ? row.at : since;
        until = row.until;
    }
    if (since != 0) {
        g_string_append_printf(entries, "%s%" G_GINT64_FORMAT "-", entries->len > 0 ? " " : "", day_of(since));
        if (until != 0)
            g_string_append_printf(entries, "%" G_GINT64_FORMAT, day_of(until));
    }
    return g_string_free(entries, FALSE);
}

static void test_sequences(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sequences); i++) {
        g_autoptr(GPtrArray) policies = make_policies(sequences[i].row, sequences[i].lifts);
        g_auto(GStrv) steps = g_strsplit(sequences[i].steps, " ", -1);
        struct temporary temporary;

        g_test_message("%s: %s by %s", sequences[i].name, sequences[i].steps, sequences[i].row);
        temporary_new(&temporary, policies);
        for (char **step = steps; *step != NULL; step++)
            take_step(&temporary, *step);
        g_autofree char *entries = read_entries(temporary.store);
        g_assert_cmpstr(entries, ==, sequences[i].entries);
        temporary_free(&temporary);
    }
}

/* --- at random ---------------------------------------------------------------------------------------------------- */

static const char *const random_rows[] = {
    "1",
    "1, for 3d, then 9d, then for good",
    "3 in 10d, for 5d",
    "3 in 20d on 3 days, for 4d, then 8d, then 16d",
    "4 on 2 days, for 2d, then for good",
    "2 spaced 3d, for 6d, then 12d",
    "3 in 30d spaced 1d",
};

enum { ROUNDS = 28, STEPS = 60 };

static bool one_in_four(GRand *random)
{
    return g_rand_int_range(random, 0, 4) == 0;
}

/* Adds an event up to a day and a half after the last. */
static void add_random(struct temporary *temporary, GRand *random, bool unproven, gint64 *now)
{
    char letter = letters[g_rand_int_range(random, 0, G_N_ELEMENTS(letters))].letter;
    gint64 ago = g_rand_boolean(random) ? g_rand_int_range(random, 1, 3 * 86400) : 0;

    *now += g_rand_int_range(random, 0, 36 * 3600);
    if (letter == 'c' && g_rand_int_range(random, 0, 8) != 0)
        letter = 'f';
    while (unproven && !g_ascii_isupper(letter))
        letter = letters[g_rand_int_range(random, 0, G_N_ELEMENTS(letters))].letter;
    expire(temporary, *now);
    add_failure(temporary, letter, ago != 0 ? *now - ago : 0, *now);
}

/* Nothing that proves nothing puts anybody on the list. */
static void test_unproven(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(14);

    for (unsigned round = 0; round < ROUNDS / 4; round++) {
        g_autoptr(GPtrArray) policies = make_policies(random_rows[round % G_N_ELEMENTS(random_rows)], false);
        struct temporary temporary;
        gint64 now = START;

        temporary_new(&temporary, policies);
        for (unsigned step = 0; step < STEPS; step++)
            add_random(&temporary, random, true, &now);
        g_autofree char *entries = read_entries(temporary.store);
        g_assert_cmpstr(entries, ==, "");
        temporary_free(&temporary);
    }
}

/* The history of the address gives what was decided event by event, and the entry that is there. */
static void check_history(const struct temporary *temporary, gint64 now)
{
    g_autoptr(History) history = history_read(temporary->store->connection, ADDRESS, NULL);
    g_autoptr(ReplayResult) result = replay_run(history);
    const struct list_before *entry = &replay_entry_of(result, "")->entry;
    struct suppression found;
    bool suppressed;

    for (guint i = 0; i < history->events->len; i++) {
        const struct history_event *row = &g_array_index(history->events, struct history_event, i);
        const struct replay_outcome *outcome = &g_array_index(result->outcomes, struct replay_outcome, i);

        g_test_message("event %u: %s", i, policy_effect_names[row->effect]);
        g_assert_cmpstr(policy_effect_names[outcome->effect], ==, policy_effect_names[row->effect]);
    }
    g_assert_true(store_check(temporary->store, ADDRESS, now, &found, &suppressed, NULL));
    g_assert_cmpint(suppressed, ==, list_holds(entry, now));
    if (suppressed) {
        g_assert_cmpint(found.until, ==, entry->until);
        g_assert_cmpstr(reason_names[found.reason], ==, reason_names[entry->reason]);
    }
}

static void test_replay(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(2026);

    for (unsigned round = 0; round < ROUNDS; round++) {
        const char *row = random_rows[round % G_N_ELEMENTS(random_rows)];
        bool lifts = g_rand_boolean(random);
        g_autoptr(GPtrArray) policies = make_policies(row, lifts);
        struct temporary temporary;
        gint64 now = START;

        g_test_message("round %u: %s%s", round, row, lifts ? ", lifts" : "");
        temporary_new(&temporary, policies);
        for (unsigned step = 0; step < STEPS; step++)
            add_random(&temporary, random, false, &now);
        check_history(&temporary, now);
        /* nor does it when some of them are believed no more */
        doubt(temporary.store, one_in_four, random, now);
        check_history(&temporary, now);
        for (unsigned step = 0; step < STEPS / 4; step++)
            add_random(&temporary, random, false, &now);
        check_history(&temporary, now);
        temporary_free(&temporary);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/sequences/entries", test_sequences);
    g_test_add_func("/store/sequences/unproven", test_unproven);
    g_test_add_func("/store/sequences/replay", test_replay);
    return g_test_run();
}
