/* The words for the parser's enums, which reports, the store and the config know them by. */
#include "parser/report.h"
#include "parser/return_path.h"
#include "tests/unit/names.h"

static void test_report(void)
{
    names_check(report_kind_names, "other bounce delay delivered feedback auto_reply unsubscribe");
    names_check(report_action_names, " failed delayed delivered relayed expanded");
    names_check(report_from_names, " signed verp token message_id list_unsubscribe envelope_id original_recipient "
                                   "final_recipient x_header body returned_received returned_to sender");
    names_check(report_evidence_names, "unproven authenticated signed");
}

static void test_cut(void)
{
    g_autofree char *all = report_cut_names(REPORT_CUT_PARTS | REPORT_CUT_DEPTH | REPORT_CUT_RECIPIENTS |
                                            REPORT_CUT_HEADERS | REPORT_CUT_TEXT);

    g_assert_cmpstr(all, ==, "parts,depth,recipients,headers,text");
    g_assert_null(report_cut_names(0));
}

static void test_return_path(void)
{
    names_check(return_path_scheme_names,
                "plain verp signed batv srs sympa mailman ezmlm sendgrid mailgun kumomta regex");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/names/report", test_report);
    g_test_add_func("/parser/names/cut", test_cut);
    g_test_add_func("/parser/names/return_path", test_return_path);
    return g_test_run();
}
