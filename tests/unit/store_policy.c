#include "store/policy.h"

/* A reason that is not the address's fault may only be "never". */
static void test_reasons(void)
{
    struct policy *policy = policy_new(NULL);

    for (enum reason reason = REASON_USER_UNKNOWN; reason < REASON_COUNT; reason++) {
        bool may = reason_may_suppress(reason);

        g_test_message("%s", reason_names[reason]);
        g_assert_true(may || policy_row_of(policy, reason)->count == 0);
        g_assert_cmpint(policy_set(policy, reason, "2 in 1d", NULL), ==, may);
        g_assert_true(policy_set(policy, reason, "never", NULL));
        g_assert_cmpuint(policy_row_of(policy, reason)->count, ==, 0);
    }
    policy_free(policy);
}

static void test_streams(void)
{
    g_autoptr(GPtrArray) policies = g_ptr_array_new_with_free_func((GDestroyNotify)policy_free);

    g_assert_cmpuint(policy_row_of(policy_for(NULL, "news"), REASON_MAILBOX_FULL)->count, ==, 5);
    g_assert_cmpuint(policy_row_of(policy_for(policies, NULL), REASON_MAILBOX_DISABLED)->count, ==, 3);
    g_ptr_array_add(policies, policy_new("news"));
    g_assert_true(policy_for(policies, "news") == policies->pdata[0]);
    g_assert_true(policy_for(policies, "other") != policies->pdata[0]);
    g_assert_true(policy_for(policies, NULL) != policies->pdata[0]);
    g_ptr_array_add(policies, policy_new(NULL));
    g_assert_true(policy_for(policies, "news") == policies->pdata[0]);
    g_assert_true(policy_for(policies, "other") == policies->pdata[1]);
    g_assert_true(policy_for(policies, NULL) == policies->pdata[1]);
}

/* Every row of every preset reads back, and is of a reason that may suppress; a person's wish holds at once in all. */
static void test_presets(void)
{
    for (enum preset preset = 0; preset_names[preset] != NULL; preset++) {
        for (enum reason reason = REASON_NONE; reason < REASON_COUNT; reason++) {
            g_autofree char *text = policy_row_format(preset_row(preset, reason));
            struct policy *policy = policy_new(NULL);

            g_test_message("%s %s: %s", preset_names[preset], reason_names[reason], text);
            g_assert_true(policy_set(policy, reason, text, NULL));
            g_autofree char *again = policy_row_format(policy_row_of(policy, reason));
            g_assert_cmpstr(again, ==, text);
            policy_free(policy);
        }
        g_assert_cmpuint(preset_row(preset, REASON_FEEDBACK)->count, ==, 1);
        g_assert_cmpuint(preset_row(preset, REASON_UNSUBSCRIBE)->count, ==, 1);
    }
}

/* A row of its own stays, whether the preset comes before or behind it. */
static void test_own_rows(void)
{
    struct policy *policy = policy_new(NULL);
    const struct event soft = {.reason = REASON_USER_UNKNOWN, .verdict = VERDICT_SOFT};

    g_assert_true(policy_set(policy, REASON_MAILBOX_FULL, "7", NULL));
    policy->preset = PRESET_CAREFUL;
    g_assert_true(policy_set(policy, REASON_FILTERED, "never", NULL));
    g_assert_cmpuint(policy_row_of(policy, REASON_MAILBOX_FULL)->count, ==, 7);
    g_assert_cmpuint(policy_row_of(policy, REASON_FILTERED)->count, ==, 0);
    g_assert_cmpuint(policy_row_of(policy, REASON_USER_UNKNOWN)->days, ==, 2);
    /* the preset's row is for hard failures; one of its own is for all */
    g_assert_cmpuint(policy_row_for(policy, &soft)->count, ==, 5);
    g_assert_true(policy_set(policy, REASON_USER_UNKNOWN, "2", NULL));
    g_assert_cmpuint(policy_row_for(policy, &soft)->count, ==, 2);
    policy_free(policy);
}

static void test_decisions(void)
{
    static const struct {
        enum report_kind kind;
        enum reason reason;
        enum verdict_kind verdict;
        bool may_suppress;
        unsigned failures;
        enum policy_effect effect;
    } cases[] = {
        {REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, true, 1, POLICY_SUPPRESSED},
        {REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, false, 1, POLICY_UNPROVEN},
        {REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_SOFT, true, 4, POLICY_COUNTED},
        {REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_SOFT, true, 5, POLICY_SUPPRESSED},
        {REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, VERDICT_SOFT, true, 4, POLICY_COUNTED},
        {REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, VERDICT_SOFT, true, 5, POLICY_SUPPRESSED},
        {REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, VERDICT_SOFT, false, 5, POLICY_UNPROVEN},
        {REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, VERDICT_SOFT, true, 3, POLICY_SUPPRESSED},
        {REPORT_KIND_BOUNCE, REASON_FILTERED, VERDICT_SOFT, true, 2, POLICY_COUNTED},
        {REPORT_KIND_BOUNCE, REASON_FILTERED, VERDICT_SOFT, true, 3, POLICY_SUPPRESSED},
        {REPORT_KIND_BOUNCE, REASON_FILTERED, VERDICT_SOFT, false, 3, POLICY_UNPROVEN},
        {REPORT_KIND_BOUNCE, REASON_BLOCKED, VERDICT_SOFT, true, 1000, POLICY_NEVER},
        {REPORT_KIND_BOUNCE, REASON_BLOCKED, VERDICT_SOFT, false, 1000, POLICY_NEVER},
        {REPORT_KIND_BOUNCE, REASON_SPAM_DETECTED, VERDICT_HARD, true, 1000, POLICY_NEVER},
        {REPORT_KIND_BOUNCE, REASON_UNDEFINED, VERDICT_SOFT, true, 1000, POLICY_NEVER},
        {REPORT_KIND_DELAY, REASON_MAILBOX_FULL, VERDICT_NONE, true, 1000, POLICY_DELAYED},
        {REPORT_KIND_DELAY, REASON_USER_UNKNOWN, VERDICT_HARD, true, 1000, POLICY_DELAYED},
        {REPORT_KIND_FEEDBACK, REASON_FEEDBACK, VERDICT_COMPLAINT, true, 1, POLICY_SUPPRESSED},
        {REPORT_KIND_FEEDBACK, REASON_FEEDBACK, VERDICT_NONE, true, 1, POLICY_IGNORED},
        {REPORT_KIND_UNSUBSCRIBE, REASON_UNSUBSCRIBE, VERDICT_UNSUBSCRIBE, true, 1, POLICY_SUPPRESSED},
        {REPORT_KIND_AUTO_REPLY, REASON_AUTO_REPLY, VERDICT_NONE, true, 1, POLICY_IGNORED},
        {REPORT_KIND_DELIVERED, REASON_DELIVERED, VERDICT_NONE, true, 0, POLICY_CLEARED},
        {REPORT_KIND_DELIVERED, REASON_DELIVERED, VERDICT_NONE, false, 0, POLICY_UNPROVEN},
        {REPORT_KIND_OTHER, REASON_NONE, VERDICT_NONE, true, 0, POLICY_IGNORED},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct policy *policy = policy_new(NULL);
        struct event event = {
            .kind = cases[i].kind,
            .reason = cases[i].reason,
            .verdict = cases[i].verdict,
            .may_suppress = cases[i].may_suppress,
            .recipient = "someone@example.com",
        };

        g_test_message("row %zu: %s %s %s, %u failures", i, report_kind_names[event.kind], reason_names[event.reason],
                       verdict_names[event.verdict], cases[i].failures);
        const struct policy_row *row = policy_row_for(policy, &event);
        g_assert_cmpstr(policy_effect_names[policy_decide(row, &event, cases[i].failures)], ==,
                        policy_effect_names[cases[i].effect]);
        bool about_nobody = cases[i].effect == POLICY_IGNORED || cases[i].effect == POLICY_DELAYED;
        event.recipient = NULL;
        g_assert_cmpstr(policy_effect_names[policy_decide(row, &event, cases[i].failures)], ==,
                        policy_effect_names[about_nobody ? cases[i].effect : POLICY_NO_RECIPIENT]);
        policy_free(policy);
    }
}

/* A hard reason that was judged soft, or a failure where the mail was forwarded to: an operator's row that waits, or
 * that is never, holds as it is. */
static void test_softened(void)
{
    static const struct {
        enum reason reason;
        const char *final_recipient;
        const char *row;
        const char *applied;
    } cases[] = {
        {REASON_HOST_UNKNOWN, NULL, "1", "5 in 30d, for 90d"},
        {REASON_HOST_UNKNOWN, NULL, "1, for 1y", "5 in 30d, for 90d"},
        {REASON_HOST_UNKNOWN, NULL, "3 in 7d, for 30d", "3 in 7d, for 30d"},
        {REASON_HOST_UNKNOWN, NULL, "never", "never"},
        {REASON_MAILBOX_FULL, NULL, "1", "1"},
        {REASON_MAILBOX_FULL, "member@example.net", "1", "5 in 30d, for 90d"},
        {REASON_MAILBOX_FULL, "member@example.net", "2 in 7d", "2 in 7d"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct policy *policy = policy_new(NULL);
        const struct event soft = {
            .reason = cases[i].reason, .verdict = VERDICT_SOFT, .final_recipient = cases[i].final_recipient};

        g_test_message("row %zu", i);
        g_assert_true(policy_set(policy, cases[i].reason, cases[i].row, NULL));
        g_autofree char *applied = policy_row_format(policy_row_for(policy, &soft));
        g_assert_cmpstr(applied, ==, cases[i].applied);
        policy_free(policy);
    }
}

static void test_relayed(void)
{
    struct policy *policy = policy_new(NULL);
    struct event event = {.kind = REPORT_KIND_DELIVERED,
                          .reason = REASON_DELIVERED,
                          .may_suppress = true,
                          .recipient = "someone@example.com"};
    const struct policy_row *row = policy_row_for(policy, &event);

    event.action = REPORT_ACTION_RELAYED;
    g_assert_cmpint(policy_decide(row, &event, 0), ==, POLICY_RELAYED);
    event.action = REPORT_ACTION_EXPANDED;
    g_assert_cmpint(policy_decide(row, &event, 0), ==, POLICY_CLEARED);
    event.action = REPORT_ACTION_DELIVERED;
    g_assert_cmpint(policy_decide(row, &event, 0), ==, POLICY_CLEARED);
    policy_free(policy);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/policy/reasons", test_reasons);
    g_test_add_func("/store/policy/streams", test_streams);
    g_test_add_func("/store/policy/presets", test_presets);
    g_test_add_func("/store/policy/own-rows", test_own_rows);
    g_test_add_func("/store/policy/decisions", test_decisions);
    g_test_add_func("/store/policy/softened", test_softened);
    g_test_add_func("/store/policy/relayed", test_relayed);
    return g_test_run();
}
