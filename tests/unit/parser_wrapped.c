/* Bounces that managers of lists hand on, and mail of theirs that holds none. */
#include "tests/unit/parser_cases.h"

#define MAILMAN "From: mailman-bounces@lists.example.com\nTo: news-owner@example.com\nX-Mailman-Version: 2.1.39\n"
#define MIXED                                                                                                          \
    "Content-Type: multipart/mixed; boundary=m\n\n--m\n\nThis is a notice.\n--m\nContent-Type: message/rfc822\n\n"
#define BOUNCE                                                                                                         \
    "From: MAILER-DAEMON@mx.example.net\nTo: news-bounces@lists.example.com\nSubject: failure notice\n\n"              \
    "Hi. This is the qmail-send program at mx.example.net.\n\n<anna@example.org>:\nNo such user.\n"
#define QUESTION                                                                                                       \
    "From: Ben <ben@example.net>\nTo: news@lists.example.com\nSubject: Fwd: failure notice\n\n"                        \
    "Hi. This is the qmail-send program at mx.example.net.\n\n<anna@example.org>:\nNo such user.\n"
#define END "--m--\n"
#define ANNA                                                                                                           \
    "bounce; recipient=anna@example.org; from=body; action=failed; diagnostic=No such user.\nqmail; "                  \
    "mta=mx.example.net"
#define OTHER "other\n-"

static const struct parser_case cases[] = {
    {"Mailman 2 disables a member", NULL, MAILMAN "Subject: Bounce action notification\n" MIXED BOUNCE END, ANNA},
    {"Mailman 2 knows no format", NULL, MAILMAN "Subject: Uncaught bounce notification\n" MIXED BOUNCE END, ANNA},
    {"Mailman 3 disables a member", NULL,
     MAILMAN "Subject: anna@example.org's subscription disabled on News\n" MIXED BOUNCE END, ANNA},
    {"Mailman 3 counts", NULL,
     MAILMAN "Subject: anna@example.org's bounce score incremented on News\n" MIXED BOUNCE END, ANNA},
    {"a message that is not ASCII", NULL,
     MAILMAN
     "Subject: Bounce action notification\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nThis is a notice.\n"
     "--m\nContent-Type: message/global\n\n" BOUNCE END,
     ANNA},
    {"what is attached is a report", NULL,
     MAILMAN "Subject: Bounce action notification\n" MIXED
             "From: MAILER-DAEMON@mx.example.net\nContent-Type: multipart/report; boundary=r\n\n--r\n"
             "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; anna@example.org\nAction: failed\n"
             "Status: 5.1.1\n--r--\n" END,
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.1.1\nrfc3464"},
    {"Majordomo", NULL,
     "From: owner-news@lists.example.com\nSubject: BOUNCE news@lists.example.com: Admin request\n\n"
     ">From MAILER-DAEMON Mon Nov 23 10:00:00 2026\n" BOUNCE,
     ANNA},
    {"Majordomo, without a line of mbox", NULL,
     "From: owner-news@lists.example.com\nSubject: BOUNCE news@lists.example.com: Admin request\n\n" BOUNCE, ANNA},
    {"LISTSERV", NULL,
     "From: LISTSERV@lists.example.com\nSubject: NEWS-L: error report from MX.EXAMPLE.NET\n\nThe enclosed mail "
     "file.\n\n"
     "------ Message in error (12 lines) ------\n" BOUNCE,
     ANNA},
    {"LISTSERV, the other heading", NULL,
     "From: LISTSERV@lists.example.com\nSubject: NEWS-L: error report from MX.EXAMPLE.NET\n\nThe enclosed mail "
     "file.\n\n"
     "------ Error message ------\n" BOUNCE,
     ANNA},
    {"LISTSERV, without what it speaks of", NULL,
     "From: LISTSERV@lists.example.com\nSubject: NEWS-L: error report from MX.EXAMPLE.NET\n\n" BOUNCE, OTHER},
    {"Majordomo, a member's mail about a bounce", NULL,
     "From: owner-news@lists.example.com\nSubject: BOUNCE news@lists.example.com: Non-member submission\n\n" QUESTION,
     OTHER},
    {"Mailman 2, likewise", NULL, MAILMAN "Subject: Uncaught bounce notification\n" MIXED QUESTION END, OTHER},
    {"Mailman 2, a post that waits", NULL, MAILMAN "Subject: News post requires approval\n" MIXED BOUNCE END, OTHER},
    {"a person passes on Mailman's", NULL,
     "From: Ben <ben@example.net>\nSubject: Bounce action notification\n" MIXED BOUNCE END, OTHER},
    {"a person writes of a bounce", NULL, "From: Ben <ben@example.net>\nSubject: BOUNCE news@example.com\n\n" BOUNCE,
     OTHER},
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
    g_test_add_func("/parser/wrapped/cases", test_cases);
    return g_test_run();
}
