/* The findings of free text about recipients become recipients of the report: the fields that findings_report()
 * settles. */
#include "tests/unit/parser_cases.h"

#define EXIM                                                                                                           \
    "From: Mailer-Daemon@mx.example.com\nTo: news@example.net\nSubject: Mail delivery failed: returning message to "   \
    "sender\n\nThis message was created automatically by mail delivery software.\n\nA message that you sent could "    \
    "not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) "        \
    "failed:\n\n"

static const struct parser_case cases[] = {
    {"forwarded", NULL, EXIM "  anna@example.org\n    (generated from team@example.org)\n    mailbox is full\n",
     "bounce; recipient=team@example.org; from=body; final=anna@example.org; action=failed; "
     "diagnostic=mailbox is full\nexim"},
    {"a final recipient that is the recipient says nothing", NULL,
     EXIM "  anna@example.org\n    (generated from anna@EXAMPLE.org)\n    mailbox is full\n",
     "bounce; recipient=anna@example.org; from=body; action=failed; diagnostic=mailbox is full\nexim"},
    {"a host, a reply and a command", NULL,
     EXIM "  anna@example.org\n    SMTP error from remote mail server after RCPT TO:<anna@example.org>:\n"
          "    host mx.example.org [192.0.2.44]: 550 5.1.1 no\n",
     "bounce; recipient=anna@example.org; from=body; action=failed; status=5.1.1; reply=550; command=RCPT; "
     "diagnostic=SMTP error from remote mail server after RCPT TO:<anna@example.org>: "
     "host mx.example.org [192.0.2.44]: 550 5.1.1 no; remote=mx.example.org\nexim"},
};

static void test_cases(void)
{
    struct report_settings settings;

    report_settings_defaults(&settings);
    cases_run(cases, G_N_ELEMENTS(cases), &settings);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/finding/cases", test_cases);
    return g_test_run();
}
