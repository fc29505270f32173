/* Which DSNs the operator's own MTA vouches for: those that it made, about whom it tried to reach. */
#include <string.h>

#include "parser/parser.h"
#include "parser/return_path.h"

#define OWN "Received: by mta.example.net (Postfix)\n\tid 4D3C22A1; Sat, 28 Nov 2026 17:30:47 +0000 (UTC)\n"
#define CLIENT                                                                                                         \
    "Received: from mta.example.net (evil.example [192.0.2.1])\n\tby mta.example.net (Postfix) with ESMTP id "         \
    "4D3C22A1\n\tfor <news@plain.example.com>; Sat, 28 Nov 2026 17:30:47 +0000 (UTC)\n"
#define TYPE "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n"
#define STATUS "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mta.example.net\n\n"
#define FINAL "Final-Recipient: rfc822; anna@example.org\n"
#define FAILED "Action: failed\nStatus: 5.1.1\n"
#define RETURNED(fields) "--b\nContent-Type: message/rfc822\n\n" fields "\nHello\n"
#define END "--b--\n"

#define PLAIN "news@plain.example.com"
#define ANNA "news+anna=example.org@verp.example.com"
#define VICTIM "news+victim=good.example@verp.example.com"

static const struct {
    const char *name, *from, *to, *text;
    const char *recipient; /* NULL: not to be looked at */
    enum report_evidence evidence;
} cases[] = {
    {"a failure", "", PLAIN, OWN TYPE STATUS FINAL FAILED END, "anna@example.org", REPORT_EVIDENCE_AUTHENTICATED},
    {"two", "", PLAIN, OWN TYPE STATUS FINAL FAILED "\nFinal-Recipient: rfc822; ben@example.org\n" FAILED END, NULL,
     REPORT_EVIDENCE_AUTHENTICATED},
    {"a delay", "", PLAIN, OWN TYPE STATUS FINAL "Action: delayed\nStatus: 4.2.2\n" END, NULL,
     REPORT_EVIDENCE_AUTHENTICATED},
    {"a success", "", PLAIN, OWN TYPE STATUS FINAL "Action: relayed\nStatus: 2.0.0\n" END, NULL,
     REPORT_EVIDENCE_AUTHENTICATED},
    {"the path agrees", "", ANNA, OWN TYPE STATUS FINAL FAILED END, NULL, REPORT_EVIDENCE_AUTHENTICATED},
    {"but for case", "", ANNA, OWN TYPE STATUS "Final-Recipient: rfc822; Anna@example.org\n" FAILED END, NULL,
     REPORT_EVIDENCE_AUTHENTICATED},
    {"the original is the same", "", PLAIN,
     OWN TYPE STATUS "Original-Recipient: rfc822; Anna@example.org\n" FINAL FAILED END, NULL,
     REPORT_EVIDENCE_AUTHENTICATED},
    {"it came elsewhere", "", "postmaster@mx.example.com", OWN TYPE STATUS FINAL FAILED END, NULL,
     REPORT_EVIDENCE_AUTHENTICATED},

    {"a client's", "", PLAIN, CLIENT TYPE STATUS FINAL FAILED END, NULL, REPORT_EVIDENCE_UNPROVEN},
    {"a client's with a forged trace", "", PLAIN, CLIENT OWN TYPE STATUS FINAL FAILED END, NULL,
     REPORT_EVIDENCE_UNPROVEN},
    {"what it forwards", "", PLAIN, OWN CLIENT TYPE STATUS FINAL FAILED END, NULL, REPORT_EVIDENCE_UNPROVEN},
    {"with a sender", "news@example.org", PLAIN, OWN TYPE STATUS FINAL FAILED END, NULL, REPORT_EVIDENCE_UNPROVEN},
    {"a null sender that only the message tells", NULL, PLAIN, "Return-Path: <>\n" OWN TYPE STATUS FINAL FAILED END,
     NULL, REPORT_EVIDENCE_UNPROVEN},

    /* what whoever sent the mail that failed wrote: ORCPT, the envelope sender, the message */
    {"the original is another", "", PLAIN,
     OWN TYPE STATUS "Original-Recipient: rfc822; victim@good.example\n" FINAL FAILED END, "victim@good.example",
     REPORT_EVIDENCE_UNPROVEN},
    {"one of two originals is", "", PLAIN,
     OWN TYPE STATUS FINAL FAILED "\nOriginal-Recipient: rfc822; victim@good.example\n" FINAL FAILED END, NULL,
     REPORT_EVIDENCE_UNPROVEN},
    {"the original alone", "", PLAIN, OWN TYPE STATUS "Original-Recipient: rfc822; victim@good.example\n" FAILED END,
     "victim@good.example", REPORT_EVIDENCE_UNPROVEN},
    {"what was tried is no address", "", PLAIN,
     OWN TYPE STATUS
     "Original-Recipient: rfc822; victim@good.example\nFinal-Recipient: x-unix; |/bin/true\n" FAILED END,
     "victim@good.example", REPORT_EVIDENCE_UNPROVEN},
    {"an alias", "", PLAIN, OWN TYPE STATUS FINAL "X-Actual-Recipient: rfc822; inner@example.org\n" FAILED END,
     "anna@example.org", REPORT_EVIDENCE_UNPROVEN},
    {"the path names another", "", VICTIM, OWN TYPE STATUS FINAL FAILED END, "anna@example.org",
     REPORT_EVIDENCE_AUTHENTICATED},
    {"the path and the returned To name another", "", VICTIM,
     OWN TYPE STATUS FINAL FAILED RETURNED("To: <victim@good.example>\n") END, "victim@good.example",
     REPORT_EVIDENCE_UNPROVEN},
    {"a path in what is returned names another", "", PLAIN,
     OWN TYPE STATUS FINAL FAILED RETURNED("Sender: <" VICTIM ">\n") END, "anna@example.org",
     REPORT_EVIDENCE_AUTHENTICATED},
    {"no address was tried, the returned To tells", "", PLAIN,
     OWN TYPE STATUS "Final-Recipient: x-unix; |/bin/true\n" FAILED RETURNED("To: <victim@good.example>\n") END,
     "victim@good.example", REPORT_EVIDENCE_UNPROVEN},
    {"the boundary was guessed", "", PLAIN,
     OWN TYPE STATUS FINAL FAILED RETURNED("From: a@evil.example\n") STATUS
     "Final-Recipient: rfc822; victim@good.example\n" FAILED END,
     NULL, REPORT_EVIDENCE_UNPROVEN},

    {"not a multipart/report", "", PLAIN,
     OWN "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nIt failed.\n" STATUS FINAL FAILED END, NULL,
     REPORT_EVIDENCE_UNPROVEN},
    {"text alone", "", PLAIN,
     OWN
     "From: MAILER-DAEMON@mta.example.net\nSubject: Undelivered mail\n\n<anna@example.org>: 550 5.1.1 User unknown\n",
     NULL, REPORT_EVIDENCE_UNPROVEN},
    {"an attached one", "", PLAIN,
     OWN "From: MAILER-DAEMON@mta.example.net\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: "
         "message/rfc822\n\n" OWN "From: MAILER-DAEMON@mta.example.net\n" TYPE STATUS FINAL FAILED END "--a--\n",
     NULL, REPORT_EVIDENCE_UNPROVEN},
    {"a complaint", "", PLAIN,
     OWN "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: "
         "abuse\nOriginal-Rcpt-To: anna@example.org\n" END,
     NULL, REPORT_EVIDENCE_UNPROVEN},
};

static enum report_evidence read_evidence(size_t row, const char *const *own_mta)
{
    struct return_path plain = {.domain = (char *)"plain.example.com"};
    struct return_path verp = {.domain = (char *)"verp.example.com", .scheme = RETURN_PATH_VERP};
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    const char *recipients[] = {cases[row].to, NULL};
    struct report_envelope envelope = {.mail_from = cases[row].from, .recipients = recipients, .own_mta = own_mta};
    struct report_settings settings;
    g_autoptr(Report) report = NULL;
    const struct report_recipient *first;

    g_ptr_array_add(paths, &plain);
    g_ptr_array_add(paths, &verp);
    report_settings_defaults(&settings);
    settings.return_paths = paths;
    report = parser_read(&settings, &envelope, cases[row].text, strlen(cases[row].text));
    first = g_ptr_array_index(report->recipients, 0);
    if (cases[row].recipient != NULL)
        g_assert_cmpstr(first->recipient, ==, cases[row].recipient);
    return report->evidence;
}

static void test_speaks(void)
{
    static const char *const own[] = {"mta.example.net", NULL};
    static const char *const others[] = {"mta.example.org", NULL};
    static const char *const none[] = {NULL};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].name);
        g_assert_cmpint(read_evidence(i, own), ==, cases[i].evidence);
        g_assert_cmpint(read_evidence(i, others), ==, REPORT_EVIDENCE_UNPROVEN);
        g_assert_cmpint(read_evidence(i, none), ==, REPORT_EVIDENCE_UNPROVEN);
        g_assert_cmpint(read_evidence(i, NULL), ==, REPORT_EVIDENCE_UNPROVEN);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/own_dsn/speaks", test_speaks);
    return g_test_run();
}
