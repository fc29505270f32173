/* Lists of names and words that readers look for: for each, a message in which every one of them decides. */
#include "parser/return_path.h"
#include "tests/unit/parser_cases.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define PERSON "From: Anna <anna@example.org>\nTo: news@example.com\n"
#define SYSTEM "From: MAILER-DAEMON@mx.example.net\nTo: news@example.com\n"
#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nLook.\n--b\n"
#define REPORT "Content-Type: multipart/report; boundary=b\n\n--b\n\nLook.\n--b\n"
#define STATUS "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.1.1\n"
#define GROUP "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.1.1\nrfc3464"
#define UNNAMED "Final-Recipient: rfc822; /var/mail/anna\nAction: failed\n"
#define SENDMAIL                                                                                                       \
    SYSTEM "Subject: Returned mail\n\nThe original message was received at noon\n\n   ----- The following addresses "  \
           "had permanent fatal errors -----\n"
#define TRANSCRIPT "   ----- Transcript of session follows -----\n550 5.0.0 no\n"
#define NO "; action=failed; status=5.0.0; reply=550; diagnostic=550 5.0.0 no\n"

static const struct {
    const char *name;
    const char *message; /* "$" stands for the word */
    const char *expected;
    const char *const *words;
} lists[] = {
    {"a receipt that speaks of a failure",
     "From: postmaster@example.org\nSubject: Not read\n" MIXED
     "\nYour message could not be delivered to the following recipient:\n\n<anna@example.org>: 550 5.1.1 no\n--b\n"
     "Content-Type: $\n\nDisposition: automatic-action/MDN-sent-automatically; deleted\n--b--\n",
     "auto_reply; recipient=postmaster@example.org; from=sender\nrfc8098",
     LIST("message/disposition-notification", "message/global-disposition-notification")},
    {"X-ARF",
     "From: abuse@example.net\nContent-Type: $\n\n"
     "{\"xarf_version\": \"4.0.0\", \"type\": \"spam\", \"source_identifier\": \"192.0.2.1\"}\n",
     "feedback\nx-arf; type=abuse; ip=192.0.2.1", LIST("application/json", "text/json", "application/xarf+json")},
    {"a status part", SYSTEM MIXED "Content-Type: $\n\n" STATUS "--b--\n", GROUP,
     LIST("message/delivery-status", "message/global-delivery-status", "message/xdelivery-status",
          "message/x-delivery-status")},
    {"a status part of another type", SYSTEM REPORT "Content-Type: $\n\n" STATUS "--b--\n", GROUP,
     LIST("text/plain", "text/rfc822-headers", "application/octet-stream")},
    {"how a status part begins", SYSTEM REPORT "Content-Type: text/plain\n\n$: x\n" STATUS "--b--\n", GROUP,
     LIST("Final-Recipient")},
    {"likewise, fields of the message",
     SYSTEM REPORT "Content-Type: text/plain\n\n$: dns; mx.example.net\n\n" STATUS "--b--\n",
     GROUP "; mta=mx.example.net", LIST("Reporting-MTA")},
    {"likewise", SYSTEM REPORT "Content-Type: text/plain\n\n$: x\n\n" STATUS "--b--\n", GROUP,
     LIST("Original-Envelope-Id")},
    {"likewise, a recipient", SYSTEM REPORT "Content-Type: text/plain\n\n$: rfc822; anna@example.org\nAction: failed\n",
     "bounce; recipient=anna@example.org; from=original_recipient; action=failed\nrfc3464", LIST("Original-Recipient")},
    {"an action that failed",
     SYSTEM REPORT "Content-Type: message/delivery-status\n\n"
                   "Final-Recipient: rfc822; anna@example.org\nAction: $\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed\nrfc3464",
     LIST("failed", "failure", "undeliverable")},
    {"an action that is late",
     SYSTEM REPORT "Content-Type: message/delivery-status\n\n"
                   "Final-Recipient: rfc822; anna@example.org\nAction: $\n",
     "delay; recipient=anna@example.org; from=final_recipient; action=delayed\nrfc3464", LIST("delayed", "deferred")},
    {"the header of what came back, in a text", SYSTEM "\n" STATUS "\nContent-Type: $\n\nSubject: Hello\n",
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed; status=5.1.1\nrfc3464; subject=Hello",
     LIST("message/rfc822", "text/rfc822-headers")},
    {"what came back",
     SYSTEM REPORT "Content-Type: message/delivery-status\n\n" STATUS "--b\nContent-Type: $\n\n"
                   "Subject: Hello\n",
     GROUP "; subject=Hello",
     LIST("message/rfc822", "text/rfc822-headers", "text/rfc822-header", "message/global", "message/global-headers",
          "message/rfc822-headers", "text/rfc822")},
    {"whom it was sent to",
     SYSTEM REPORT "Content-Type: message/delivery-status\n\n" UNNAMED
                   "\n--b\nContent-Type: message/rfc822\n\n$: anna@example.org\n",
     "bounce; recipient=anna@example.org; from=x_header; action=failed\nrfc3464",
     LIST("X-HmXmrOriginalRecipient", "X-Original-Rcpt-To", "X-Rcpt-To", "X-Envelope-To", "Envelope-To",
          "X-Apparently-To")},
    {"the sender of what came back, who wrote to himself",
     SYSTEM REPORT "Content-Type: message/delivery-status\n\n" UNNAMED
                   "\n--b\nContent-Type: message/rfc822\n\n$: anna@example.org\nTo: anna@example.org\n",
     "bounce; action=failed\nrfc3464", LIST("Return-Path", "Sender")},
    {"the author of what came back, who wrote to himself",
     SYSTEM REPORT "Content-Type: message/delivery-status\n\n" UNNAMED
                   "\n--b\nContent-Type: message/rfc822\n\n$: anna@example.org\nTo: anna@example.org\n",
     "bounce; action=failed\nrfc3464; sender=anna@example.org", LIST("From")},
    {"an address of ours in what came back",
     SYSTEM REPORT "Content-Type: message/delivery-status\n\n" UNNAMED
                   "\n--b\nContent-Type: message/rfc822\n\n$: <news+anna=example.org@verp.example.com>\n",
     "bounce; recipient=anna@example.org; from=token; action=failed\nrfc3464; stream=letters",
     LIST("Errors-To", "CFBL-Feedback-ID")},
    {"an address of ours that a file of it came to",
     "$: <news+anna=example.org@verp.example.com>\n" SYSTEM REPORT "Content-Type: message/delivery-status\n\n" UNNAMED,
     "bounce; recipient=anna@example.org; from=verp; action=failed\nrfc3464; stream=letters",
     LIST("Return-Path", "Delivered-To", "X-Original-To", "Envelope-To")},
    {"an address of ours, below a trace field",
     "$: x\nX-Original-To: <news+anna=example.org@verp.example.com>\n" SYSTEM REPORT
     "Content-Type: message/delivery-status\n\n" UNNAMED,
     "bounce; recipient=anna@example.org; from=verp; action=failed\nrfc3464; stream=letters",
     LIST("Return-Path", "Delivered-To", "Envelope-To", "Delivery-Date", "Received-SPF", "Authentication-Results")},
    {"how a complaint begins", SYSTEM MIXED "Content-Type: text/plain\n\n$: abuse\nFeedback-Type: abuse\n--b--\n",
     "feedback\nrfc5965; type=abuse", LIST("Feedback-Type", "Version")},
    {"how a complaint begins, and what it tells",
     SYSTEM MIXED "Content-Type: text/plain\n\n$: 192.0.2.1\n"
                  "Feedback-Type: abuse\n--b--\n",
     "feedback\nrfc5965; type=abuse; ip=192.0.2.1", LIST("Source-IP")},
    {"likewise", SYSTEM MIXED "Content-Type: text/plain\n\n$: X/1\nFeedback-Type: abuse\n--b--\n",
     "feedback\nrfc5965; type=abuse; agent=X/1", LIST("User-Agent")},
    {"other mail that speaks of unsubscribing", PERSON "$: x\nSubject: unsubscribe\n\n", "other\n-",
     LIST("List-Unsubscribe", "List-Id", "In-Reply-To", "References")},
    {"a request above a forwarded header", PERSON "Subject: Stop\n\nStop\n\n$ News\nHello\n",
     "unsubscribe; recipient=anna@example.org; from=sender\nrfc2369",
     LIST("From:", "Von:", "De:", "De :", "Da:", "Van:")},
    {"what an alias leads to",
     SENDMAIL "  <ben@example.org>\n  $program\n    (expanded from: anna@example.org)\n\n" TRANSCRIPT,
     "bounce; recipient=ben@example.org; from=body" NO "bounce; recipient=anna@example.org; from=body" NO "sendmail",
     LIST("pipe to ", "save to ", "|", "/", "\"|", "\"/")},
    {"what a recipient was made of", SENDMAIL "<ben@example.org>\n    $ anna@example.org)\n\n" TRANSCRIPT,
     "bounce; recipient=anna@example.org; from=body; final=ben@example.org" NO "sendmail",
     LIST("(generated from", "(ultimately generated from", "generated by ", "(expanded from:", "(forwarded to")},
};

static void test_lists(void)
{
    struct return_path letters = {.name = (char *)"letters",
                                  .domain = (char *)"verp.example.com",
                                  .stream = (char *)"letters",
                                  .scheme = RETURN_PATH_VERP};
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    struct report_settings settings;

    g_ptr_array_add(paths, &letters);
    report_settings_defaults(&settings);
    settings.return_paths = paths;
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        for (const char *const *word = lists[i].words; *word != NULL; word++) {
            g_autoptr(GString) message = g_string_new(lists[i].message);
            g_autofree char *name = g_strdup_printf("%s: %s", lists[i].name, *word);
            g_string_replace(message, "$", *word, 0);
            cases_run(&(struct parser_case){name, NULL, message->str, lists[i].expected}, 1, &settings);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/words/lists", test_lists);
    return g_test_run();
}
