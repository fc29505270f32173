/* The words for the enums of the reports, which JSON and the command line know them by. */
#include "reports/daily.h"
#include "reports/export.h"
#include "reports/figures.h"
#include "tests/unit/names.h"

static void test_reports(void)
{
    names_check(daily_format_names, "text csv json");
    names_check(export_format_names, "csv json text texthash cdb lmdb opensmtpd rspamd sqlite");
    names_check(figures_key_names, "sender_domain recipient_domain reason");
    names_check(figures_count_names,
                "bounces complaints delays hard soft other_feedback opt_outs delivered auto_replies other");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/names/reports", test_reports);
    return g_test_run();
}
