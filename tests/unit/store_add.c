#include "store_temporary.h"

/* --- sequences of events about one address: what each does, and what is on the list at the end ------------------ */

#define LIMIT 8

struct step {
    unsigned day;
    enum report_kind kind;
    enum reason reason;
    enum verdict_kind verdict;
    enum policy_effect effect;
};

#define FULL(day, effect)                                                                                              \
    {                                                                                                                  \
        day, REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, VERDICT_SOFT, POLICY_##effect                                    \
    }
#define DISABLED(day, effect)                                                                                          \
    {                                                                                                                  \
        day, REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, VERDICT_SOFT, POLICY_##effect                                \
    }
#define UNKNOWN(day, effect)                                                                                           \
    {                                                                                                                  \
        day, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, POLICY_##effect                                    \
    }
#define UNKNOWN_4XX(day, effect)                                                                                       \
    {                                                                                                                  \
        day, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_SOFT, POLICY_##effect                                    \
    }
#define DELIVERED(day)                                                                                                 \
    {                                                                                                                  \
        day, REPORT_KIND_DELIVERED, REASON_DELIVERED, VERDICT_NONE, POLICY_CLEARED                                     \
    }
#define COMPLAINT(day, effect)                                                                                         \
    {                                                                                                                  \
        day, REPORT_KIND_FEEDBACK, REASON_FEEDBACK, VERDICT_COMPLAINT, POLICY_##effect                                 \
    }
#define OPT_OUT(day, effect)                                                                                           \
    {                                                                                                                  \
        day, REPORT_KIND_UNSUBSCRIBE, REASON_UNSUBSCRIBE, VERDICT_UNSUBSCRIBE, POLICY_##effect                         \
    }
#define DELAY(day)                                                                                                     \
    {                                                                                                                  \
        day, REPORT_KIND_DELAY, REASON_MAILBOX_FULL, VERDICT_NONE, POLICY_DELAYED                                      \
    }

static const struct sequence {
    const char *name;
    struct step steps[LIMIT]; /* ends with an empty one: other, on day 0 */
    enum reason reason;       /* of the entry a second after the last step; REASON_NONE: not on the list */
    unsigned until;           /* its last day; 0: for good */
} sequences[] = {
    {"hard: at once, for good", {UNKNOWN(0, SUPPRESSED)}, REASON_USER_UNKNOWN, 0},
    {"hard twice: nothing new", {UNKNOWN(0, SUPPRESSED), UNKNOWN(1, LISTED)}, REASON_USER_UNKNOWN, 0},
    {"4.x.x of a hard reason: not at once", {UNKNOWN_4XX(0, COUNTED), UNKNOWN_4XX(1, COUNTED)}, REASON_NONE, 0},
    {"4.x.x of a hard reason, five times",
     {UNKNOWN_4XX(0, COUNTED), UNKNOWN_4XX(1, COUNTED), UNKNOWN_4XX(2, COUNTED), UNKNOWN_4XX(3, COUNTED),
      UNKNOWN_4XX(4, SUPPRESSED)},
     REASON_USER_UNKNOWN,
     94},
    {"full: the fifth in 30 days",
     {FULL(0, COUNTED), FULL(7, COUNTED), FULL(14, COUNTED), FULL(21, COUNTED), FULL(28, SUPPRESSED)},
     REASON_MAILBOX_FULL,
     118},
    {"full: five, but not in 30 days",
     {FULL(0, COUNTED), FULL(8, COUNTED), FULL(16, COUNTED), FULL(24, COUNTED), FULL(32, COUNTED)},
     REASON_NONE,
     0},
    {"full: mail went through between",
     {FULL(0, COUNTED), FULL(1, COUNTED), FULL(2, COUNTED), FULL(3, COUNTED), DELIVERED(4), FULL(5, COUNTED)},
     REASON_NONE,
     0},
    {"full: mail went through between, on the same day",
     {FULL(0, COUNTED), FULL(1, COUNTED), FULL(2, COUNTED), FULL(3, COUNTED), DELIVERED(3), FULL(3, COUNTED)},
     REASON_NONE,
     0},
    {"delays do not count",
     {FULL(0, COUNTED), FULL(1, COUNTED), FULL(2, COUNTED), DELAY(3), DELAY(4), FULL(5, COUNTED)},
     REASON_NONE,
     0},
    {"five within a day are one",
     {FULL(0, COUNTED), FULL(0, REPEATED), FULL(0, REPEATED), FULL(0, REPEATED), FULL(0, REPEATED)},
     REASON_NONE,
     0},
    {"reasons count apart",
     {FULL(0, COUNTED), FULL(1, COUNTED), DISABLED(2, COUNTED), DISABLED(3, COUNTED), FULL(4, COUNTED)},
     REASON_NONE,
     0},
    {"disabled: the third",
     {DISABLED(0, COUNTED), DISABLED(1, COUNTED), DISABLED(2, SUPPRESSED)},
     REASON_MAILBOX_DISABLED,
     92},
    {"a soft entry is prolonged by the next failure",
     {DISABLED(0, COUNTED), DISABLED(1, COUNTED), DISABLED(2, SUPPRESSED), DISABLED(10, SUPPRESSED)},
     REASON_MAILBOX_DISABLED,
     100},
    {"hard upgrades a soft entry",
     {DISABLED(0, COUNTED), DISABLED(1, COUNTED), DISABLED(2, SUPPRESSED), UNKNOWN(3, SUPPRESSED)},
     REASON_USER_UNKNOWN,
     0},
    {"soft does not touch a hard entry",
     {UNKNOWN(0, SUPPRESSED), DISABLED(1, COUNTED), DISABLED(2, COUNTED), DISABLED(3, LISTED)},
     REASON_USER_UNKNOWN,
     0},
    {"an expired entry is renewed",
     {DISABLED(0, COUNTED), DISABLED(1, COUNTED), DISABLED(2, SUPPRESSED), DISABLED(101, COUNTED),
      DISABLED(102, COUNTED), DISABLED(103, SUPPRESSED)},
     REASON_MAILBOX_DISABLED,
     193},
    {"complaint outweighs hard", {UNKNOWN(0, SUPPRESSED), COMPLAINT(1, SUPPRESSED)}, REASON_FEEDBACK, 0},
    {"hard does not hide a complaint", {COMPLAINT(0, SUPPRESSED), UNKNOWN(1, LISTED)}, REASON_FEEDBACK, 0},
    {"opt-out and complaint weigh alike", {OPT_OUT(0, SUPPRESSED), COMPLAINT(1, LISTED)}, REASON_UNSUBSCRIBE, 0},
    {"delivery takes nobody off the list", {COMPLAINT(0, SUPPRESSED), DELIVERED(1)}, REASON_FEEDBACK, 0},
    {"blocked: ours to mend",
     {{0, REPORT_KIND_BOUNCE, REASON_BLOCKED, VERDICT_HARD, POLICY_NEVER},
      {0, REPORT_KIND_BOUNCE, REASON_BLOCKED, VERDICT_HARD, POLICY_NEVER}},
     REASON_NONE,
     0},
    {"not-spam: no complaint",
     {{0, REPORT_KIND_FEEDBACK, REASON_FEEDBACK, VERDICT_NONE, POLICY_IGNORED}},
     REASON_NONE,
     0},
    {"a holiday reply", {{0, REPORT_KIND_AUTO_REPLY, REASON_AUTO_REPLY, VERDICT_NONE, POLICY_IGNORED}}, REASON_NONE, 0},
};

static void run_sequence(const struct sequence *sequence, struct temporary *temporary)
{
    gint64 now = NOON;
    struct suppression found;
    bool suppressed;

    for (const struct step *step = sequence->steps; step->kind != REPORT_KIND_OTHER; step++) {
        struct event event = temporary_event(step->kind, step->reason, "someone@example.com");

        event.verdict = step->verdict;
        now = NOON + step->day * DAY;
        temporary_add(temporary, &event, 1, now);
        g_test_message("%s: step %td", sequence->name, step - sequence->steps);
        g_assert_cmpstr(policy_effect_names[temporary_last_effect(temporary->store, event.recipient)], ==,
                        policy_effect_names[step->effect]);
    }
    g_assert_true(store_check(temporary->store, "someone@example.com", now + 1, &found, &suppressed, NULL));
    g_assert_cmpint(suppressed, ==, sequence->reason != REASON_NONE);
    if (suppressed) {
        g_assert_cmpstr(reason_names[found.reason], ==, reason_names[sequence->reason]);
        g_assert_cmpint(found.until, ==, sequence->until == 0 ? 0 : NOON + sequence->until * DAY);
        g_assert_cmpstr(found.who, ==, "policy");
        g_assert_cmpstr(found.rule, ==, "test-rule");
        g_assert_nonnull(found.policy);
    }
}

static void test_sequences(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sequences); i++) {
        struct temporary temporary;

        temporary_new(&temporary, NULL);
        run_sequence(&sequences[i], &temporary);
        temporary_free(&temporary);
    }
}

/* --- evidence, repeats, duplicates ------------------------------------------------------------------------------ */

/* Forged reports suppress nobody, and do not fill up the count for a proven one. */
static void test_unproven(void)
{
    struct temporary temporary;
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, "someone@example.com");

    temporary_new(&temporary, NULL);
    event.evidence = REPORT_EVIDENCE_UNPROVEN;
    event.may_suppress = false;
    for (unsigned i = 0; i < 10; i++)
        temporary_add(&temporary, &event, 1, NOON + i * DAY);
    event.may_suppress = true;
    temporary_add(&temporary, &event, 1, NOON + 10 * DAY);
    temporary_add(&temporary, &event, 1, NOON + 11 * DAY);
    g_assert_false(temporary_suppressed(&temporary, "someone@example.com", NOON + 11 * DAY));
    /* nor does a forged success clear what was counted */
    struct event forged = temporary_event(REPORT_KIND_DELIVERED, REASON_DELIVERED, "someone@example.com");
    forged.may_suppress = false;
    temporary_add(&temporary, &forged, 1, NOON + 12 * DAY);
    temporary_add(&temporary, &event, 1, NOON + 13 * DAY);
    g_assert_true(temporary_suppressed(&temporary, "someone@example.com", NOON + 13 * DAY));
    temporary_free(&temporary);
}

/* The stored events say how far the counting was, and which of them did not count. */
static void test_explanation(void)
{
    static const struct {
        enum policy_effect effect;
        unsigned failures;
    } rows[] = {
        {POLICY_COUNTED, 1}, {POLICY_REPEATED, 0}, {POLICY_COUNTED, 2}, {POLICY_SUPPRESSED, 3}, {POLICY_REPEATED, 0}};
    const struct event once = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, "someone@example.com");
    const struct event twice[] = {once, once};
    const struct store_filter filter = {.recipient = once.recipient};
    g_autoptr(GError) error = NULL;
    struct temporary temporary;
    struct stored_event row;

    temporary_new(&temporary, NULL);
    temporary_add(&temporary, twice, 2, NOON);
    temporary_add(&temporary, &once, 1, NOON + DAY);
    temporary_add(&temporary, &once, 1, NOON + 2 * DAY);
    temporary_add(&temporary, &once, 1, NOON + 2 * DAY);
    g_autoptr(StoreCursor) cursor = store_events(temporary.store, &filter, &error);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_true(store_next_event(cursor, &row, &error));
        g_test_message("row %zu", i);
        g_assert_cmpstr(policy_effect_names[row.effect], ==, policy_effect_names[rows[i].effect]);
        g_assert_cmpuint(row.failures, ==, rows[i].failures);
        g_assert_cmpstr(row.policy, ==, "3 in 30d, for 90d");
    }
    g_clear_pointer(&cursor, store_cursor_free);
    temporary_free(&temporary);
}

/* Policies by stream; the failures are counted over all streams. */
static void test_streams(void)
{
    g_autoptr(GPtrArray) policies = g_ptr_array_new_with_free_func((GDestroyNotify)policy_free);
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "someone@example.com");
    struct temporary temporary;
    struct suppression found;
    bool suppressed;

    g_ptr_array_add(policies, policy_new("news"));
    g_assert_true(policy_set(policies->pdata[0], REASON_MAILBOX_FULL, "3 in 7d, for 14d", NULL));
    temporary_new(&temporary, policies);
    event.stream = "invoices";
    temporary_add(&temporary, &event, 1, NOON);
    temporary_add(&temporary, &event, 1, NOON + 1 * DAY);
    temporary_add(&temporary, &event, 1, NOON + 2 * DAY);
    g_assert_false(temporary_suppressed(&temporary, "someone@example.com", NOON + 2 * DAY));
    event.stream = "news";
    temporary_add(&temporary, &event, 1, NOON + 3 * DAY);
    g_assert_true(store_check(temporary.store, "someone@example.com", NOON + 3 * DAY, &found, &suppressed, NULL));
    g_assert_true(suppressed);
    g_assert_cmpstr(found.stream, ==, "news");
    g_assert_cmpstr(found.policy, ==, "3 in 7d, for 14d");
    g_assert_cmpint(found.until, ==, NOON + 3 * DAY + 14 * DAY);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/add/sequences", test_sequences);
    g_test_add_func("/store/add/unproven", test_unproven);
    g_test_add_func("/store/add/explanation", test_explanation);
    g_test_add_func("/store/add/streams", test_streams);
    return g_test_run();
}
