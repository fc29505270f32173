#include "store/policy.h"

#include <string.h>

#define MINUTE G_GINT64_CONSTANT(60)
#define DAY G_GINT64_CONSTANT(86400)

static void test_rows(void)
{
    static const struct {
        const char *text;
        struct policy_row row;
        const char *printed;
    } cases[] = {
        {"never", {0, 0, 0}, "never"},
        {"1", {1, 0, 0}, "1"},
        {"5", {5, 0, 0}, "5"},
        {"5 in 30d", {5, 30 * DAY, 0}, "5 in 30d"},
        {"5 in 30d, for 90d", {5, 30 * DAY, 90 * DAY}, "5 in 30d, for 90d"},
        {"1, for 1y", {1, 0, 365 * DAY}, "1, for 1y"},
        {" 3  in 4w ,for  12h ", {3, 28 * DAY, 720 * MINUTE}, "3 in 28d, for 12h"},
        {"2 in 90m", {2, 90 * MINUTE, 0}, "2 in 90m"},
        {"10000 in 100y", {10000, G_GINT64_CONSTANT(36500) * DAY, 0}, "10000 in 100y"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct policy *policy = policy_new(NULL);
        const struct policy_row *row = &policy->rows[REASON_MAILBOX_FULL];
        g_autoptr(GError) error = NULL;

        g_test_message("\"%s\"", cases[i].text);
        g_assert_true(policy_set(policy, REASON_MAILBOX_FULL, cases[i].text, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(row->count, ==, cases[i].row.count);
        g_assert_cmpint(row->within, ==, cases[i].row.within);
        g_assert_cmpint(row->lasting, ==, cases[i].row.lasting);
        g_autofree char *printed = policy_row_format(row);
        g_assert_cmpstr(printed, ==, cases[i].printed);
        policy_free(policy);
    }
}

static void test_bad_rows(void)
{
    static const char *const texts[] = {
        "",
        "0",
        "-1",
        "1x",
        "5in 30d",
        "5 in",
        "5 in 30",
        "5 in d",
        "5 30d",
        "5 in 0d",
        "5 in 30s",
        "5 in 101y",
        "5 for 90d",
        "5, for",
        "5, 90d",
        "never in 3d",
        "sometimes",
        "5 in 30d,",
        "10001 in 1d",
        "1 in 999999999999999999999999d",
        "1, for 30d x",
        "5 within 3d",
        "neverx",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct policy *policy = policy_new(NULL);
        g_autoptr(GError) error = NULL;

        g_test_message("\"%s\"", texts[i]);
        g_assert_false(policy_set(policy, REASON_MAILBOX_FULL, texts[i], &error));
        g_assert_nonnull(error);
        g_assert_nonnull(strstr(error->message, "expected"));
        g_assert_cmpuint(policy->rows[REASON_MAILBOX_FULL].count, ==, 5);
        policy_free(policy);
    }
}

/* A reason that is not the address's fault may only be "never". */
static void test_reasons(void)
{
    struct policy *policy = policy_new(NULL);

    for (enum reason reason = REASON_USER_UNKNOWN; reason < REASON_COUNT; reason++) {
        bool may = reason_may_suppress(reason);

        g_test_message("%s", reason_names[reason]);
        g_assert_true(may || policy->rows[reason].count == 0);
        g_assert_cmpint(policy_set(policy, reason, "2 in 1d", NULL), ==, may);
        g_assert_true(policy_set(policy, reason, "never", NULL));
        g_assert_cmpuint(policy->rows[reason].count, ==, 0);
    }
    policy_free(policy);
}

static void test_streams(void)
{
    g_autoptr(GPtrArray) policies = g_ptr_array_new_with_free_func((GDestroyNotify)policy_free);

    g_assert_cmpuint(policy_for(NULL, "news")->rows[REASON_MAILBOX_FULL].count, ==, 5);
    g_assert_cmpuint(policy_for(policies, NULL)->rows[REASON_MAILBOX_DISABLED].count, ==, 3);
    g_ptr_array_add(policies, policy_new("news"));
    g_assert_true(policy_for(policies, "news") == policies->pdata[0]);
    g_assert_true(policy_for(policies, "other") != policies->pdata[0]);
    g_assert_true(policy_for(policies, NULL) != policies->pdata[0]);
    g_ptr_array_add(policies, policy_new(NULL));
    g_assert_true(policy_for(policies, "news") == policies->pdata[0]);
    g_assert_true(policy_for(policies, "other") == policies->pdata[1]);
    g_assert_true(policy_for(policies, NULL) == policies->pdata[1]);
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
    g_test_add_func("/store/policy/rows", test_rows);
    g_test_add_func("/store/policy/bad-rows", test_bad_rows);
    g_test_add_func("/store/policy/reasons", test_reasons);
    g_test_add_func("/store/policy/streams", test_streams);
    g_test_add_func("/store/policy/decisions", test_decisions);
    g_test_add_func("/store/policy/softened", test_softened);
    g_test_add_func("/store/policy/relayed", test_relayed);
    return g_test_run();
}
