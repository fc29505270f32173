#include "tests/unit/parser_cases.h"

#define HEAD "From: fbl@example.net\nTo: fbl@example.com\nDate: Sat, 21 Nov 2026 10:00:05 +0000\nMIME-Version: 1.0\n"
#define REPORT HEAD "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nA complaint.\n"
#define FIELDS "--b\nContent-Type: message/feedback-report\n\n"
#define RETURNED "--b\nContent-Type: message/rfc822\n\nFrom: news@example.com\n"
#define END "\nHello\n--b--\n"

#define XARF "From: abuse@example.net\nContent-Type: application/json\n\n"

static const struct parser_case cases[] = {
    {"RFC 5965", NULL,
     REPORT FIELDS
     "Feedback-Type: Abuse\nUser-Agent: SomeGenerator/1.0\nVersion: 1\nOriginal-Mail-From: <news@bounces.example.com>\n"
     "Original-Rcpt-To: <anna@Example.org>\nArrival-Date: Sat, 21 Nov 2026 10:00:00 +0000\nReporting-MTA: dns; "
     "mx.example.net\n"
     "Source-IP: 192.0.2.1\nReported-Domain: Example.com\nIncidents: 3\n\n" RETURNED "To: x@example.org\n" END,
     "feedback; recipient=anna@example.org; from=original_recipient\n"
     "rfc5965; mta=mx.example.net; occurred=1795255205; type=abuse; agent=SomeGenerator/1.0; ip=192.0.2.1; "
     "mail_from=news@bounces.example.com; domain=example.com; incidents=3; sender=news@example.com"},
    {"several recipients, one of them twice", NULL,
     REPORT FIELDS
     "Feedback-Type: abuse\nVersion: 0.1\nOriginal-Rcpt-To: anna@example.org\nOriginal-Rcpt-To: ben@example.org\n"
     "Removal-Recipient: anna@example.org\n\n" RETURNED END,
     "feedback; recipient=anna@example.org; from=original_recipient\n"
     "feedback; recipient=ben@example.org; from=original_recipient\n"
     "rfc5965; occurred=1795255205; type=abuse; sender=news@example.com"},
    {"redacted, and so is the original", NULL,
     REPORT FIELDS "Feedback-Type: abuse\nVersion: 1.0\nSource-IP: [2001:db8::1]\n"
                   "Original-Rcpt-To: undisclosed recipient <redacted@example.net>\n\n" RETURNED
                   "To: redacted@example.net\n" END,
     "feedback\nrfc5965; occurred=1795255205; type=abuse; ip=2001:db8::1; sender=news@example.com"},
    {"a hash in place of the address", NULL,
     REPORT FIELDS "Feedback-Type: abuse\nOriginal-Rcpt-To: 0123456789abcdef0123456789abcdef@example.net\n\n" RETURNED
                   "To: elm2GTCq5rpQNW2v7v5z8a1FZFk=@example.net\n" END,
     "feedback\nrfc5965; occurred=1795255205; type=abuse; sender=news@example.com"},
    {"only the type: the original tells", NULL,
     REPORT FIELDS "Feedback-Type: abuse\nUser-Agent: JMRP/1.0\nVersion: 1\n\n" RETURNED
                   "X-HmXmrOriginalRecipient: anna@example.org\nTo: friends:;\n" END,
     "feedback; recipient=anna@example.org; from=x_header\n"
     "rfc5965; occurred=1795255205; type=abuse; agent=JMRP/1.0; sender=news@example.com"},
    {"no closing empty line, text/rfc822-headers", NULL,
     REPORT FIELDS
     "Feedback-Type: abuse\n--b\nContent-Type: text/rfc822-headers\n\n"
     "Received: from a.example by b.example\n\twith SMTP\n\tfor <anna@example.org>; now\nFrom: news@example.com",
     "feedback; recipient=anna@example.org; from=returned_received\n"
     "rfc5965; occurred=1795255205; type=abuse; sender=news@example.com"},
    {"multipart/mixed, in base64", NULL,
     HEAD
     "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/feedback-report\n"
     "Content-Transfer-Encoding: base64\n\nRmVlZGJhY2stVHlwZTogYWJ1c2UKT3JpZ2luYWwtUmNwdC1UbzogYW5uYUBleGFtcGxlLm9y\n"
     "ZwpTb3VyY2UtSXA6IDE5Mi4wLjIuMQo=\n--b--\n",
     "feedback; recipient=anna@example.org; from=original_recipient\nrfc5965; occurred=1795255205; type=abuse; "
     "ip=192.0.2.1"},
    {"multipart/mixed, as text", NULL,
     HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee below.\n--b\nContent-Type: text/plain\n\n"
          "User-Agent: X/1\nFeedback-Type: abuse\nOriginal-Rcpt-To: anna@example.org\n--b--\n",
     "feedback; recipient=anna@example.org; from=original_recipient\nrfc5965; occurred=1795255205; type=abuse; "
     "agent=X/1"},
    {"not spam: the type says so", NULL,
     REPORT FIELDS "Feedback-Type: not-spam\nOriginal-Rcpt-To: anna@example.org\n\n" RETURNED END,
     "feedback; recipient=anna@example.org; from=original_recipient\n"
     "rfc5965; occurred=1795255205; type=not-spam; sender=news@example.com"},
    {"RFC 6591", NULL,
     REPORT FIELDS "Feedback-Type: auth-failure\nAuth-Failure: DMARC\nOriginal-Rcpt-To: anna@example.org\n"
                   "Received-Date: Sat, 21 Nov 2026 02:00:00 PST\n\n" RETURNED END,
     "feedback; recipient=anna@example.org; from=original_recipient\n"
     "rfc5965; occurred=1795255205; type=auth-failure; auth_failure=dmarc; sender=news@example.com"},
    {"opt-out", NULL, REPORT FIELDS "Feedback-Type: opt-out\nRemoval-Recipient: anna@example.org\n\n" RETURNED END,
     "unsubscribe; recipient=anna@example.org; from=original_recipient\n"
     "rfc5965; occurred=1795255205; type=opt-out; sender=news@example.com"},
    {"JMRP to 2026", NULL,
     "From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\n"
     "Content-Type: multipart/mixed; boundary=b\n\n" RETURNED
     "X-HmXmrOriginalRecipient: anna@example.org\nTo: other@example.org\n" END,
     "feedback; recipient=anna@example.org; from=x_header\njmrp; type=abuse; ip=192.0.2.1; sender=news@example.com"},
    {"JMRP to 2026, of another sender", NULL,
     "From: reports@example.net\nSubject: complaint about message from 192.0.2.1\n"
     "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\n" RETURNED
     "X-HmXmrOriginalRecipient: anna@example.org\nTo: other@example.org\n" END,
     "feedback; recipient=anna@example.org; from=x_header\njmrp; type=abuse; ip=192.0.2.1; sender=news@example.com"},
    {"JMRP to 2026, in the text", NULL,
     "From: reports@example.net\nSubject: complaint about message from 192.0.2.1\n\n"
     "X-HmXmrOriginalRecipient: anna@example.org\nFrom: news@example.com\nTo: other@example.org\nSubject: "
     "News\n\nHello\n",
     "feedback; recipient=anna@example.org; from=x_header\n"
     "jmrp; type=abuse; ip=192.0.2.1; sender=news@example.com; subject=News"},
    {"a person's complaint", NULL,
     "From: ben@example.net\nSubject: complaint about message from 192.0.2.1\n\nIt came at night.\n", "other\n-"},
    {"SpamCop, by its sender", NULL,
     "From: 7000@reports.spamcop.net\nSubject: [SpamCop (192.0.2.1) id:7000]News\n\nThis message is brief.\n\n"
     "[ Offending message ]\nFrom: news@example.com\nTo: x\nSubject: News\n\nHello\n",
     "feedback\nspamcop; type=abuse; ip=192.0.2.1; sender=news@example.com; subject=News"},
    {"SpamCop, by its field", NULL,
     "From: 7000@reports.example.net\nSubject: [SpamCop (192.0.2.1) id:7000]News\nX-SpamCop-sourceip: 192.0.2.1\n\n"
     "This message is brief.\n",
     "feedback\nspamcop; type=abuse; ip=192.0.2.1"},
    {"an answer to SpamCop", NULL,
     "From: ben@example.net\nSubject: Re: [SpamCop (192.0.2.1) id:7000]News\nX-SpamCop-sourceip: 192.0.2.1\n\n"
     "We have closed the account.\n",
     "other\n-"},
    {"a person's mail about SpamCop", NULL,
     "From: ben@example.net\nSubject: [SpamCop (192.0.2.1) id:7000]News\n\nLook.\n", "other\n-"},
    {"wrapped by a relay", NULL,
     "From: complaints@example.net\nSubject: Fw\nContent-Type: message/rfc822\n\n" REPORT FIELDS
     "Feedback-Type: abuse\nOriginal-Rcpt-To: anna@example.org\n\n" RETURNED END,
     "feedback; recipient=anna@example.org; from=original_recipient\n"
     "rfc5965; occurred=1795255205; type=abuse; sender=news@example.com"},
    {"a text about the format", NULL,
     HEAD
     "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nA report has these fields:\nFeedback-Type: abuse\n--b--\n",
     "other\n-; occurred=1795255205"},
    {"X-ARF 4", NULL,
     XARF "{\"xarf_version\": \"4.0.0\", \"timestamp\": \"2026-11-21T10:00:05Z\", \"category\": \"messaging\",\n"
          "\"type\": \"spam\", \"source_identifier\": \"2001:DB8::7\", \"smtp_from\": \"news@bounces.example.com\",\n"
          "\"evidence\": [{\"content_type\": \"message/rfc822\", \"payload\": "
          "\"RnJvbTogbmV3c0BleGFtcGxlLmNvbQpUbzogYW5uYUBleGFtcGxlLm9yZwoK\"}]}\n",
     "feedback; recipient=anna@example.org; from=returned_to\n"
     "x-arf; occurred=1795255205; type=abuse; ip=2001:db8::7; mail_from=news@bounces.example.com; "
     "sender=news@example.com"},
    {"X-ARF 4, and whom it was sent to", NULL,
     XARF "{\"xarf_version\": \"4.0.0\", \"type\": \"spam\", \"source_identifier\": \"192.0.2.1\",\n"
          "\"smtp_to\": \"anna@example.org\"}\n",
     "feedback; recipient=anna@example.org; from=original_recipient\nx-arf; type=abuse; ip=192.0.2.1"},
    {"X-ARF 3, a sample that is not in base64", NULL,
     XARF
     "{\"Version\": \"3\", \"ReporterInfo\": {\"ReporterOrg\": \"Example\"}, \"Report\": {\"ReportType\": \"Spam\",\n"
     "\"Date\": \"2026-11-21T10:00:05Z\", \"SourceIp\": \"192.0.2.1\", \"Samples\": [{\"Base64Encoded\": false,\n"
     "\"Payload\": \"From: news@example.com\\nTo: anna@example.org\\n\\n\"}]}}\n",
     "feedback; recipient=anna@example.org; from=returned_to\n"
     "x-arf; occurred=1795255205; type=abuse; ip=192.0.2.1; sender=news@example.com"},
    {"X-ARF in YAML, when it was sent", NULL,
     "From: abuse@example.net\nX-XARF: PLAIN\n\n---\nReport-Type: spam\nSource: 192.0.2.1\n"
     "Date: Sat, 21 Nov 2026 10:00:05 +0000\n",
     "feedback\nx-arf; occurred=1795255205; type=abuse; ip=192.0.2.1"},
    {"X-ARF that is cut", NULL,
     XARF "{\"xarf_version\": \"4.0.0\", \"type\": \"spam\", \"source_identifier\": \"192.0.2.1\"\n", "other\n-"},
    {"X-ARF of an attack", NULL,
     XARF "{\"xarf_version\": \"4.0.0\", \"type\": \"ddos\", \"source_identifier\": \"192.0.2.1\"}\n", "other\n-"},
    {"Amazon SES, a type that is not abuse, and a recipient that only the message names", NULL,
     "From: no-reply@sns.amazonaws.com\nx-amz-sns-message-id: 1\n\n"
     "{\"notificationType\":\"Complaint\",\"complaint\":{\"complaintFeedbackType\":\"fraud\",\"complainedRecipients\":["
     "\n"
     "{\"emailAddress\":\"redacted@example.org\"}]},\"mail\":{\"commonHeaders\":{\"to\":[\"anna@example.org\"]}}}\n",
     "feedback; recipient=anna@example.org; from=returned_to\namazonses; type=fraud"},
    {"Amazon SES: a value is one line of the header", NULL,
     "From: no-reply@sns.amazonaws.com\nx-amz-sns-message-id: 1\n\n"
     "{\"complaint\":{\"complainedRecipients\":[{\"emailAddress\":\"anna@example.org\"}]},\"mail\":{\"commonHeaders\":{"
     "\n"
     "\"subject\":\"Hello\\nFrom: a@example.com\\u000aMessage-ID: <1@example.com>\"}}}\n",
     "feedback; recipient=anna@example.org; from=final_recipient\namazonses; type=abuse; "
     "subject=Hello From: a@example.com Message-ID: <1@example.com>"},
    {"other JSON", NULL, XARF "{\"type\": \"spam\", \"source_identifier\": \"192.0.2.1\"}\n", "other\n-"},
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
    g_test_add_func("/parser/feedback/cases", test_cases);
    return g_test_run();
}
