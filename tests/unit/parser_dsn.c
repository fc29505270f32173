#include "tests/unit/parser_cases.h"

#define HEAD                                                                                                           \
    "From: MAILER-DAEMON@mx.example.com\n"                                                                             \
    "To: news@bounces.example.com\n"                                                                                   \
    "Subject: Undelivered Mail Returned to Sender\n"                                                                   \
    "Date: Sat, 21 Nov 2026 10:00:05 +0000\n"                                                                          \
    "MIME-Version: 1.0\n"
#define REPORT HEAD "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b/1\"\n\nFor people.\n"
#define STATUS "--b/1\nContent-Type: message/delivery-status\n\n"
#define RETURNED                                                                                                       \
    "--b/1\nContent-Type: message/rfc822\n\n"                                                                          \
    "From: \"The News\" <news@example.com>\n"                                                                          \
    "To: anna@example.org\n"                                                                                           \
    "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n =?utf-8?Q?_an_alle?=\n"                                                    \
    "Message-ID: <1@example.com>\n"                                                                                    \
    "List-Id: News <news.example.com>\n"                                                                               \
    "Feedback-ID: 7:news:example\n\nHello\n--b/1--\n"
#define OF_RETURNED                                                                                                     \
    "; sender=news@example.com; message_id=<1@example.com>; subject=Grüße an alle; list_id=News <news.example.com>; " \
    "feedback_id=7:news:example"

static const struct parser_case cases[] = {
    {"all fields", NULL,
     REPORT STATUS
     "Reporting-MTA: dns; MX.example.com\nArrival-Date: Sat, 21 Nov 2026 10:00:00 +0100\n\n"
     "Original-Recipient: rfc822;anna@Example.ORG\nFinal-Recipient: rfc822; <a.b@mail.example.org>\n"
     "Action: failed\nStatus: 5.0.0\nRemote-MTA: dns; in.example.org (192.0.2.7)\n"
     "Diagnostic-Code: smtp; 550 5.1.1 <a.b@mail.example.org>:\n    no such user (in reply to RCPT TO command)\n"
     "Last-Attempt-Date: Sat, 21 Nov 2026 10:00:01 +0000\n\n" RETURNED,
     "bounce; recipient=anna@example.org; from=original_recipient; final=a.b@mail.example.org; action=failed; "
     "status=5.1.1; "
     "reply=550; command=RCPT; diagnostic=550 5.1.1 <a.b@mail.example.org>: no such user (in reply to RCPT TO "
     "command); "
     "remote=in.example.org; occurred=1795255201\n"
     "rfc3464; mta=mx.example.com; occurred=1795255205" OF_RETURNED},
    {"several recipients, kinds and cases of letters", NULL,
     REPORT STATUS "reporting-mta: dns;mx.example.com\n\n"
                   "final-recipient: RFC822; anna@example.org\naction: FAILED\nstatus: 5.2.2\n\n"
                   "Final-Recipient: rfc822;ben@example.org\nAction: Delayed\nStatus: 4.4.1 (timeout)\n\n"
                   "Final-Recipient: rfc822;cem@example.org\nAction: delivered\nStatus: 2.1.5\n\n"
                   "Final-Recipient: rfc822;dua@example.org\nAction: relayed (to a system without DSN)\n\n"
                   "Final-Recipient: rfc822;eva@example.org\nAction: expanded\nStatus: 2.0.0\n--b/1--\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.2.2\n"
     "delay; recipient=ben@example.org; from=final_recipient; action=delayed; status=4.4.1\n"
     "delivered; recipient=cem@example.org; from=final_recipient; action=delivered; status=2.1.5\n"
     "delivered; recipient=dua@example.org; from=final_recipient; action=relayed\n"
     "delivered; recipient=eva@example.org; from=final_recipient; action=expanded; status=2.0.0\n"
     "rfc3464; mta=mx.example.com; occurred=1795255205"},
    {"recipients in one block, no type, no closing boundary", NULL,
     REPORT STATUS "Reporting-MTA: mx.example.com\nFinal-Recipient: anna@example.org\nAction: failed\nStatus: 5.1.1\n"
                   "Final-Recipient: ben@example.org\nAction: failed\nStatus: 5.1.2",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.1.1\n"
     "bounce; recipient=ben@example.org; from=final_recipient; action=failed; status=5.1.2\n"
     "rfc3464; mta=mx.example.com; occurred=1795255205"},
    {"a diagnostic alone tells", NULL,
     REPORT STATUS "Final-Recipient: rfc822; anna@example.org\nDiagnostic-Code: smtp; 550 no such user\n\n"
                   "Final-Recipient: rfc822; ben@example.org\nDiagnostic-Code: smtp; 250 2.1.5 OK\n\n"
                   "Final-Recipient: rfc822; cem@example.org\n\n",
     "bounce; recipient=anna@example.org; from=final_recipient; reply=550; diagnostic=550 no such user\n"
     "delivered; recipient=ben@example.org; from=final_recipient; status=2.1.5; reply=250; diagnostic=250 2.1.5 OK\n"
     "rfc3464; occurred=1795255205"},
    {"a number behind the refusal", NULL,
     REPORT STATUS "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.2.2\n"
                   "Diagnostic-Code: smtp; 552 5.2.2 Quota exceeded: 250 of 200 messages\n\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.2.2; reply=552; "
     "diagnostic=552 5.2.2 Quota exceeded: 250 of 200 messages\n"
     "rfc3464; occurred=1795255205"},
    {"without an action the status tells before the diagnostic", NULL,
     REPORT STATUS "Final-Recipient: rfc822; anna@example.org\nStatus: 5.4.7\n"
                   "Diagnostic-Code: smtp; 451 4.7.1 Greylisted\n\n"
                   "Final-Recipient: rfc822; ben@example.org\nStatus: 4\nDiagnostic-Code: smtp; queue timeout\n\n"
                   "Final-Recipient: rfc822; cem@example.org\nDiagnostic-Code: smtp; delivered to mailbox\n\n",
     "bounce; recipient=anna@example.org; from=final_recipient; status=4.7.1; reply=451; "
     "diagnostic=451 4.7.1 Greylisted\n"
     "delay; recipient=ben@example.org; from=final_recipient; diagnostic=queue timeout\n"
     "rfc3464; occurred=1795255205"},
    {"international (RFC 6533)", NULL,
     REPORT
     "--b/1\nContent-Type: message/global-delivery-status; charset=utf-8\n\nReporting-MTA: dns; mx.example.com\n\n"
     "Final-Recipient: utf-8; änna@bücher.example\nOriginal-Recipient: utf-8;\\x{E4}nna@b\\x{FC}cher.example\n"
     "Action: failed\nStatus: 5.6.7\nDiagnostic-Code: smtp; 553 5.6.7 Empfänger unbekannt\n\n",
     "bounce; recipient=änna@xn--bcher-kva.example; from=original_recipient; action=failed; status=5.6.7; reply=553; "
     "diagnostic=553 5.6.7 Empfänger unbekannt\nrfc3464; mta=mx.example.com; occurred=1795255205"},
    {"in base64", NULL,
     REPORT "--b/1\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
            "UmVwb3J0aW5nLU1UQTogZG5zOyBteC5leGFtcGxlLmNvbQ0KDQpGaW5hbC1SZWNpcGllbnQ6IHJm\n"
            "YzgyMjsgYW5uYUBleGFtcGxlLm9yZw0KQWN0aW9uOiBmYWlsZWQNClN0YXR1czogNS4yLjENCg==\n--b/1--\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.2.1\n"
     "rfc3464; mta=mx.example.com; occurred=1795255205"},
    {"in a multipart/mixed", NULL,
     HEAD "Content-Type: multipart/mixed; boundary=b/1\n\n" STATUS
          "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.1.1\n\n" RETURNED,
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.1.1\n"
     "rfc3464; occurred=1795255205" OF_RETURNED},
    {"the status part is text/plain", NULL,
     REPORT
     "--b/1\n\nIt failed.\n--b/1\nContent-Type: text/plain\n\n"
     "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.1.1\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.1.1\n"
     "rfc3464; mta=mx.example.com; occurred=1795255205"},
    {"the remote side's last answer wins over the status", NULL,
     REPORT STATUS "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 4.4.7\n"
                   "Diagnostic-Code: smtp; 554 4.4.7 gave up after 5 days; last: <421 4.4.2 connection lost>\n\n"
                   "Final-Recipient: rfc822; ben@example.org\nAction: failed\nStatus: 5.2.2\n"
                   "Diagnostic-Code: smtp; 552 5.0.0 it is full\n\n"
                   "Final-Recipient: rfc822; cem@example.org\nAction: failed\nDiagnostic-Code: X-Unix; 77\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=4.4.2; reply=421; "
     "diagnostic=554 4.4.7 gave up after 5 days; last: <421 4.4.2 connection lost>\n"
     "bounce; recipient=ben@example.org; from=final_recipient; action=failed; status=5.2.2; reply=552; "
     "diagnostic=552 5.0.0 it is full\n"
     "bounce; recipient=cem@example.org; from=final_recipient; action=failed; command=PIPE; diagnostic=X-Unix; 77\n"
     "rfc3464; occurred=1795255205"},
    {"the transcript tells what the fields do not, each of its own recipient", NULL,
     REPORT "--b/1\n\n   ----- Transcript of session follows -----\n... while talking to in.example.org.:\n"
            ">>> RCPT To:<anna@example.org>\n<<< 550 5.1.1 no such user here\n"
            "550 5.1.1 <anna@example.org>... User unknown\n\n"
            "ben@example.net: 452 4.2.2 his mailbox\n  is full\n\n" STATUS
            "Final-Recipient: rfc822; ben@example.net\nAction: failed\nStatus: 5.0.0\n\n"
            "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: X-Unix; 67\n",
     "bounce; recipient=ben@example.net; from=final_recipient; action=failed; status=4.2.2; reply=452; command=RCPT; "
     "diagnostic=ben@example.net: 452 4.2.2 his mailbox is full\n"
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.1.1; reply=550; command=RCPT; "
     "diagnostic=550 5.1.1 <anna@example.org>... User unknown\n"
     "rfc3464; occurred=1795255205"},
    {"the text tells which command was answered", NULL,
     REPORT
     "--b/1\n\nThis is the mail system at host mx.example.com.\n\n"
     "<anna@example.org>: host in.example.org[192.0.2.7] said: 550 5.2.1 No such\n    user (in reply to RCPT TO "
     "command)\n\n<ben@example.org>: host in.example.org[192.0.2.7] said: 550 5.2.1 No\n    such user (in reply "
     "to end of DATA command)\n\n" STATUS
     "Final-Recipient: rfc822; anna@example.org\nAction: failed\nDiagnostic-Code: smtp; 550 5.2.1 No such user\n\n"
     "Final-Recipient: rfc822; ben@example.org\nAction: failed\nDiagnostic-Code: smtp; 550 5.2.1 No such user\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.2.1; reply=550; command=RCPT; "
     "diagnostic=550 5.2.1 No such user\n"
     "bounce; recipient=ben@example.org; from=final_recipient; action=failed; status=5.2.1; reply=550; command=DATA; "
     "diagnostic=550 5.2.1 No such user\n"
     "rfc3464; occurred=1795255205"},
    {"the text tells it of another answer", NULL,
     REPORT
     "--b/1\n\nThis is the mail system at host mx.example.com.\n\n"
     "<anna@example.org>: host in.example.org[192.0.2.7] said: 450 4.2.0 Later (in\n    reply to RCPT TO "
     "command)\n\n" STATUS
     "Final-Recipient: rfc822; anna@example.org\nAction: failed\nDiagnostic-Code: smtp; 550 5.2.1 No such user\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.2.1; reply=550; "
     "diagnostic=550 5.2.1 No such user\n"
     "rfc3464; occurred=1795255205"},
    {"a dialogue tells it", NULL,
     REPORT "--b/1\n\nThe original message was received at Sat, 21 Nov 2026 10:00:00 +0000\n\n"
            "   ----- The following addresses had permanent fatal errors -----\n<anna@example.org>\n\n"
            "   ----- Transcript of session follows -----\n... while talking to in.example.org.:\n"
            ">>> RCPT To:<anna@example.org>\n<<< 553 Who is that?\n\n" STATUS
            "Final-Recipient: rfc822; anna@example.org\nAction: failed\nDiagnostic-Code: smtp; 553 Who is that?\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; reply=553; command=RCPT; "
     "diagnostic=553 Who is that?\n"
     "rfc3464; occurred=1795255205"},
    {"a dialogue without a reply", NULL,
     REPORT "--b/1\n\nThe original message was received at Sat, 21 Nov 2026 10:00:00 +0000\n\n"
            "   ----- Transcript of session follows -----\n"
            "<anna@example.org>... Deferred: Name server: host name lookup failure\n\n" STATUS
            "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 4.4.7\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=4.4.7; "
     "diagnostic=<anna@example.org>... Deferred: Name server: host name lookup failure\n"
     "rfc3464; occurred=1795255205"},
    {"what the local mailer printed", NULL,
     REPORT "--b/1\n\nThe original message was received at Sat, 21 Nov 2026 10:00:00 +0000\n\n"
            "   ----- Transcript of session follows -----\n"
            "deliver: no room for anna\n554 <anna@example.org>... Service unavailable\n\n" STATUS
            "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.5.0\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.5.0; reply=554; "
     "diagnostic=deliver: no room for anna 554 <anna@example.org>... Service unavailable\n"
     "rfc3464; occurred=1795255205"},
    {"the group names a file, the text says what is wrong with it", NULL,
     REPORT "--b/1\n\nThis message was created automatically by mail delivery software.\n\n"
            "A message that you sent could not be delivered to one or more of its\n"
            "recipients. This is a permanent error. The following address(es) failed:\n\n"
            "  save to /var/mail/a/anna\n    generated by anna@example.org\n    mailbox is full\n\n" STATUS
            "Final-Recipient: rfc822;/var/mail/a/anna\nAction: failed\nStatus: 5.0.0\n\n" RETURNED,
     "bounce; recipient=anna@example.org; from=body; action=failed; status=5.0.0; diagnostic=mailbox is full\n"
     "rfc3464; occurred=1795255205" OF_RETURNED},
    {"a comment in Status tells, or does not", NULL,
     REPORT STATUS "Final-Recipient: rfc822; anna@example.org\nAction: delayed\n"
                   "Status: 4.0.0 (example.org: host name lookup failure)\n\n"
                   "Final-Recipient: rfc822; ben@example.org\nAction: failed\nStatus: 5.0.0 (permanent failure)\n",
     "delay; recipient=anna@example.org; from=final_recipient; action=delayed; status=4.0.0; "
     "diagnostic=example.org: host name lookup failure\n"
     "bounce; recipient=ben@example.org; from=final_recipient; action=failed; status=5.0.0\n"
     "rfc3464; occurred=1795255205"},
    {"after aliases", NULL,
     REPORT STATUS "Final-Recipient: rfc822; anna@example.org\nX-Actual-Recipient: rfc822; ann@inner.example.org\n"
                   "Action: failed\nStatus: 5.1.1\n",
     "bounce; recipient=anna@example.org; from=final_recipient; final=ann@inner.example.org; action=failed; "
     "status=5.1.1\n"
     "rfc3464; occurred=1795255205"},
    {"no MIME header left", NULL,
     HEAD "\n--b/1\n\nIt failed.\n\n" STATUS
          "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.1.1\n\n" RETURNED,
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.1.1\n"
     "rfc3464; occurred=1795255205" OF_RETURNED},
    {"it names nobody", NULL, REPORT STATUS "Reporting-MTA: dns; mx.example.com\n\n" RETURNED,
     "bounce; recipient=anna@example.org; from=returned_to\n"
     "rfc3464; mta=mx.example.com; occurred=1795255205" OF_RETURNED},
    {"it names them in its header alone", NULL,
     "X-Failed-Recipients: anna@example.org,\n ben@example.org\n" REPORT STATUS
     "Reporting-MTA: dns; mx.example.com\n\n",
     "bounce; recipient=anna@example.org; from=x_header; action=failed\n"
     "bounce; recipient=ben@example.org; from=x_header; action=failed\n"
     "generic; mta=mx.example.com; occurred=1795255205"},
    {"a person asks about one", NULL,
     "From: Bo <bo@example.net>\nTo: postmaster@example.com\nSubject: Fwd: failed\n"
     "Content-Type: multipart/mixed; boundary=f\n\n--f\n\nWhat is this?\n--f\nContent-Type: message/rfc822\n\n" REPORT
         STATUS "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.1.1\n\n" RETURNED "--f--\n",
     "other\n-"},
    {"a person passes one on without a word", NULL,
     "From: Bo <bo@example.net>\nTo: news@example.com\nSubject: Fwd: failed\n"
     "Content-Type: multipart/mixed; boundary=f\n\n--f\nContent-Type: message/rfc822\n\n" REPORT STATUS
     "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.1.1\n\n" RETURNED "--f--\n",
     "other\n-"},
    {"a gateway wraps one", NULL,
     "From: MAILER-DAEMON@example.net\nTo: news@example.com\nSubject: failed\n"
     "Content-Type: multipart/mixed; boundary=f\n\n--f\n\nWhat is this?\n--f\nContent-Type: message/rfc822\n\n" REPORT
         STATUS "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.1.1\n\n" RETURNED "--f--\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.1.1\n"
     "rfc3464; occurred=1795255205" OF_RETURNED},
    {"in an operator's own words", NULL,
     REPORT "--b/1\n\nПисьмо не доставлено.\n\n<anna@example.org>: host in.example.org[192.0.2.7] said: 550 No such\n"
            "    user here (in reply to RCPT TO command)\n\n" STATUS
            "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.0.0\n"
            "Diagnostic-Code: smtp; 550 No such user here\n\n" RETURNED,
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.0.0; reply=550; command=RCPT; "
     "diagnostic=550 No such user here\n"
     "rfc3464; occurred=1795255205" OF_RETURNED},
    {"it failed with success, the dialogue tells more", NULL,
     REPORT "--b/1\n\n   ----- Transcript of session follows -----\n... while talking to in.example.org.:\n"
            ">>> RCPT To:<anna@example.org>\n<<< 550 no such mailbox\n550 <anna@example.org>... User unknown\n\n" STATUS
            "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 2.0.0\n"
            "Diagnostic-Code: SMTP; 250 OK\n\n" RETURNED,
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; reply=550; command=RCPT; "
     "diagnostic=550 no such mailbox\n"
     "rfc3464; occurred=1795255205" OF_RETURNED},
    {"dates as they come", NULL,
     REPORT STATUS
     "Final-Recipient: rfc822; anna@example.org\nAction: failed\nLast-Attempt-Date: 21 Nov 26 05:00:01 EST\n\n"
     "Final-Recipient: rfc822; ben@example.org\nAction: failed\nLast-Attempt-Date: Sat, 21 Nov 2026 10:00:01 (UTC)\n\n"
     "Final-Recipient: rfc822; cem@example.org\nAction: failed\nLast-Attempt-Date: yesterday\n\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; occurred=1795255201\n"
     "bounce; recipient=ben@example.org; from=final_recipient; action=failed; occurred=1795255201\n"
     "bounce; recipient=cem@example.org; from=final_recipient; action=failed\n"
     "rfc3464; occurred=1795255205"},
    {"without a Date, when the message came to the MTA", NULL,
     "From: MAILER-DAEMON@mx.example.com\nContent-Type: multipart/report; boundary=b/1\n\n" STATUS
     "Arrival-Date: Sat, 21 Nov 2026 02:00:00 PST\n\n"
     "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.1.1\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.1.1\n"
     "rfc3464; occurred=1795255200"},
    {"redacted", NULL,
     REPORT STATUS "Original-Recipient: rfc822; redacted@example.org\nFinal-Recipient: rfc822; user@hidden.invalid\n"
                   "Action: failed\nStatus: 5.1.1\n",
     "bounce; action=failed; status=5.1.1\nrfc3464; occurred=1795255205"},
    {"a discussion that quotes one", NULL,
     "From: Bo <bo@example.net>\nSubject: Re: failed\n\n> Final-Recipient: rfc822; anna@example.org\n> Action: failed\n"
     "Final-Recipient: rfc822; anna@example.org\nAction: failed\n",
     "other\n-"},
};

static void test_cases(void)
{
    struct report_settings settings;

    report_settings_defaults(&settings);
    cases_run(cases, G_N_ELEMENTS(cases), &settings);
}

static void test_limits(void)
{
    static const struct parser_case limited[] = {
        {"recipients", NULL,
         REPORT STATUS
         "Final-Recipient: a@example.org\nAction: failed\n\nFinal-Recipient: b@example.org\nAction: failed\n\n"
         "Final-Recipient: c@example.org\nAction: failed\n",
         "bounce; recipient=a@example.org; from=final_recipient; action=failed\n"
         "bounce; recipient=b@example.org; from=final_recipient; action=failed\nrfc3464; occurred=1795255205; cut=4"},
    };
    struct report_settings settings;

    report_settings_defaults(&settings);
    settings.max_recipients = 2;
    cases_run(limited, G_N_ELEMENTS(limited), &settings);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/dsn/cases", test_cases);
    g_test_add_func("/parser/dsn/limits", test_limits);
    return g_test_run();
}
