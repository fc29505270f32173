/* The words for the enums of the store, which the database, JSON and the command line know them by. */
#include "store/outgoing.h"
#include "store/policy.h"
#include "store/relisting.h"
#include "store/token.h"
#include "tests/unit/names.h"

static void test_names(void)
{
    names_check(policy_effect_names,
                "ignored delayed no_recipient never unproven rolled_back counted repeated stale held suppressed "
                "listed cleared relayed");
    names_check(outgoing_state_names, "waiting delivered failed withheld");
    names_check(revision_effect_names, "appears goes changes");
    names_check(token_right_names, "read write ingest admin");
    names_check(reversal_effect_names, "returns goes changes stays");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/names", test_names);
    return g_test_run();
}
