/* The words for the enums of the store and of the reports, which the database, JSON and the command line know them by.
 */
#include "reports/daily.h"
#include "reports/export.h"
#include "reports/figures.h"
#include "store/outgoing.h"
#include "store/policy.h"
#include "store/relisting.h"
#include "tests/unit/names.h"

static void test_store(void)
{
    names_check(policy_effect_names, "ignored delayed no_recipient never unproven counted repeated stale suppressed "
                                     "listed cleared relayed");
    names_check(outgoing_state_names, "waiting delivered failed withheld");
    names_check(revision_effect_names, "appears goes changes");
}

static void test_reports(void)
{
    names_check(daily_format_names, "text csv json");
    names_check(export_format_names, "csv json text");
    names_check(figures_key_names, "sender_domain recipient_domain reason");
    names_check(figures_count_names,
                "bounces complaints delays hard soft other_feedback opt_outs delivered auto_replies other");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/names/store", test_store);
    g_test_add_func("/reports/names/reports", test_reports);
    return g_test_run();
}
