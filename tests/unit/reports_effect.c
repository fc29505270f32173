/* Every effect, and every fault that never suppresses, has its words. */
#include "reports/story/effect.h"

#include <string.h>

static void test_texts(void)
{
    static const struct {
        struct stored_event row;
        const char *text;
    } cases[] = {
        {{.effect = POLICY_COUNTED, .failures = 2, .policy = "5 in 30d, for 90d"},
         "counted: 2 of 5 in 30d, too few yet"},
        {{.effect = POLICY_COUNTED, .failures = 1, .policy = "3"}, "counted: 1 of 3, too few yet"},
        {{.effect = POLICY_REPEATED, .policy = "3 in 1d"},
         "repeated: the same was reported before, about the same mail or on the same day, and counts once"},
        {{.effect = POLICY_STALE, .policy = "1"}, "not counted: about mail from before it was removed"},
        {{.effect = POLICY_NEVER, .event.party = PARTY_CONTENT},
         "never suppresses: the message was at fault, not the address"},
        {{.effect = POLICY_NEVER, .event.party = PARTY_NONE}, "never suppresses: the policy says never"},
        {{.effect = POLICY_NEVER, .event.party = PARTY_RECIPIENT}, "never suppresses: the policy says never"},
        {{.effect = POLICY_NEVER, .event.party = PARTY_DOMAIN}, "never suppresses: the policy says never"},
        {{.effect = POLICY_NEVER, .event.party = PARTY_SENDER},
         "never suppresses: the sending side was at fault, not the address"},
        {{.effect = POLICY_NEVER, .event.party = PARTY_NETWORK},
         "never suppresses: the network was at fault, not the address"},
        {{.effect = POLICY_NEVER, .event.party = PARTY_REMOTE},
         "never suppresses: the receiving host was at fault, not the address"},
        {{.effect = POLICY_NEVER, .event.party = PARTY_HUMAN}, "never suppresses: the policy says never"},
        {{.effect = POLICY_NEVER, .event.party = PARTY_UNKNOWN}, "never suppresses: whose fault it was is not known"},
        {{.effect = POLICY_ROLLED_BACK, .policy = "1"}, "not counted: an operator rolled it back"},
        {{.effect = POLICY_SUPPRESSED}, "suppressed"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = effect_text(&cases[i].row);

        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

static void test_policies(void)
{
    static const struct {
        const char *policy, *text;
    } cases[] = {
        {NULL, NULL},
        {"never", "never"},
        {"1", "1: at the first failure, for good"},
        {"1, for 90d", "1, for 90d: at the first failure, for 90d"},
        {"3", "3: at 3 failures, for good"},
        {"5 in 30d", "5 in 30d: at 5 failures in 30d, for good"},
        {"5 in 30d, for 90d", "5 in 30d, for 90d: at 5 failures in 30d, for 90d"},
        {"5 in 30d on 3 days", "5 in 30d on 3 days: at 5 failures in 30d on 3 days, for good"},
        {"2 spaced 1d, for 7d, then for good",
         "2 spaced 1d, for 7d, then for good: at 2 failures spaced 1d, for 7d, then for good"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = effect_policy(cases[i].policy);

        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

static void test_all(void)
{
    for (unsigned effect = 0; policy_effect_names[effect] != NULL; effect++) {
        for (unsigned party = 0; party_names[party] != NULL; party++) {
            const struct stored_event row = {.effect = effect, .event.party = party};
            g_autofree char *text = effect_text(&row);

            g_test_message("%s %s", policy_effect_names[effect], party_names[party]);
            g_assert_nonnull(text);
            g_assert_cmpuint(strlen(text), >, strlen("never suppresses: ") - (effect == POLICY_SUPPRESSED ? 10 : 0));
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bouncectl/effect/texts", test_texts);
    g_test_add_func("/bouncectl/effect/all", test_all);
    g_test_add_func("/effect/policies", test_policies);
    return g_test_run();
}
