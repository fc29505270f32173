/* The recipient that it was about: return paths first, then what the report names, then the returned message. */
#include "parser/return_path.h"
#include "tests/unit/parser_cases.h"

#define HEAD "From: MAILER-DAEMON@mx.example.org\n"
#define TYPE "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
#define STATUS "--b\nContent-Type: message/delivery-status\n\n"
#define FAILED "Final-Recipient: rfc822; fwd@inner.example\nAction: failed\n\n"
#define UNNAMED "Final-Recipient: rfc822; /var/mail/anna\nAction: failed\n\n"
#define RETURNED "--b\nContent-Type: text/rfc822-headers\n\n"
#define VERP "news+anna=example.org@verp.example.com"

static const struct parser_case cases[] = {
    {"VERP, which proves nothing, and a report that names another", VERP, HEAD TYPE STATUS FAILED,
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464; stream=letters"},
    {"VERP and a report that names nobody", VERP, HEAD TYPE STATUS UNNAMED,
     "bounce; recipient=anna@example.org; from=verp; action=failed\nrfc3464; stream=letters"},
    {"VERP and a report that names the same", VERP,
     HEAD TYPE STATUS "Final-Recipient: rfc822; Anna@example.org\nAction: failed\n\n",
     "bounce; recipient=anna@example.org; from=verp; action=failed\nrfc3464; stream=letters"},
    {"VERP and where it was forwarded to", VERP,
     HEAD TYPE STATUS "Original-Recipient: rfc822; anna@example.org\n" FAILED,
     "bounce; recipient=anna@example.org; from=verp; final=fwd@inner.example; action=failed\nrfc3464; stream=letters"},
    {"VERP and a forward that the returned To tells", VERP, HEAD TYPE STATUS FAILED RETURNED "To: anna@example.org\n",
     "bounce; recipient=anna@example.org; from=verp; final=fwd@inner.example; action=failed\nrfc3464; stream=letters"},
    {"VERP and a forward that the returned Received tells", VERP,
     HEAD TYPE STATUS FAILED RETURNED "Received: from a by b for <fwd@inner.example>; now\n"
                                      "Received: from c by a for <anna@example.org>; before\n",
     "bounce; recipient=anna@example.org; from=verp; final=fwd@inner.example; action=failed\nrfc3464; stream=letters"},
    {"VERP and a To that names two", VERP, HEAD TYPE STATUS FAILED RETURNED "To: anna@example.org, fwd@inner.example\n",
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464; stream=letters"},
    {"VERP and a report of several", VERP,
     HEAD TYPE STATUS FAILED "Final-Recipient: rfc822; anna@example.org\nAction: failed\n\n",
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\n"
     "bounce; recipient=anna@example.org; from=verp; action=failed\nrfc3464; stream=letters"},
    {"VERP of other software", "bounce+anna==a==uni.example==list@verp.example.com", HEAD TYPE STATUS FAILED,
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464; stream=letters"},
    {"several recipients of one return path are one", VERP,
     HEAD TYPE STATUS FAILED "Final-Recipient: rfc822; b@inner.example\nAction: failed\n\n"
                             "Final-Recipient: rfc822; c@inner.example\nAction: delivered\n\n" RETURNED
                             "To: anna@example.org\n",
     "bounce; recipient=anna@example.org; from=verp; final=fwd@inner.example; action=failed\n"
     "delivered; recipient=anna@example.org; from=verp; final=c@inner.example; action=delivered\nrfc3464; "
     "stream=letters"},
    {"a file: Delivered-To", NULL, "Delivered-To: " VERP "\n" HEAD TYPE STATUS UNNAMED,
     "bounce; recipient=anna@example.org; from=verp; action=failed\nrfc3464; stream=letters"},
    {"a file: X-Original-To", NULL, "X-Original-To: <" VERP ">\n" HEAD TYPE STATUS UNNAMED,
     "bounce; recipient=anna@example.org; from=verp; action=failed\nrfc3464; stream=letters"},
    {"a file: a second Delivered-To, the sender's", NULL,
     "Delivered-To: abuse@plain.example.com\nReceived: by mx\nDelivered-To: " VERP "\n" HEAD TYPE STATUS UNNAMED,
     "bounce; action=failed\nrfc3464; stream=plain"},
    {"a file: one below what is no trace, the sender's", NULL,
     "Return-Path: <>\nReceived: by mx\n" HEAD "Delivered-To: " VERP "\n" TYPE STATUS UNNAMED,
     "bounce; action=failed\nrfc3464"},
    {"a file: a trace field counts before To", NULL,
     "Delivered-To: abuse@plain.example.com\n" HEAD "To: " VERP "\n" TYPE STATUS UNNAMED,
     "bounce; action=failed\nrfc3464; stream=plain"},
    {"a file: To", NULL, HEAD "To: " VERP "\n" TYPE STATUS UNNAMED,
     "bounce; recipient=anna@example.org; from=verp; action=failed\nrfc3464; stream=letters"},
    {"the envelope is known: the header does not count", "other@example.net",
     "Delivered-To: " VERP "\n" HEAD TYPE STATUS FAILED,
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464"},
    {"plain: the stream alone", "abuse@plain.example.com", HEAD TYPE STATUS FAILED,
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464; stream=plain"},
    {"the returned message's Return-Path", "abuse@plain.example.com",
     HEAD TYPE STATUS UNNAMED RETURNED "Return-Path: <" VERP ">\n",
     "bounce; recipient=anna@example.org; from=verp; action=failed\nrfc3464; stream=letters"},
    {"the returned message's Sender", "abuse@plain.example.com",
     HEAD TYPE STATUS UNNAMED RETURNED "Sender: News <" VERP ">\n",
     "bounce; recipient=anna@example.org; from=token; action=failed\nrfc3464; stream=letters"},
    {"CFBL-Feedback-ID", NULL, HEAD TYPE STATUS UNNAMED RETURNED "CFBL-Feedback-ID: " VERP "\n",
     "bounce; recipient=anna@example.org; from=token; action=failed\nrfc3464; stream=letters"},
    {"Message-ID", NULL, HEAD TYPE STATUS UNNAMED RETURNED "Message-ID: <" VERP ">\n",
     "bounce; recipient=anna@example.org; from=message_id; action=failed\nrfc3464; "
     "message_id=<" VERP ">; stream=letters"},
    {"List-Unsubscribe", NULL,
     HEAD TYPE STATUS UNNAMED RETURNED "List-Unsubscribe: <https://example.com/u?a=b>,\n"
                                       " <mailto:news%2Banna%3Dexample.org@verp.example.com?subject=unsubscribe>\n",
     "bounce; recipient=anna@example.org; from=list_unsubscribe; action=failed\nrfc3464; "
     "stream=letters"},
    {"Original-Envelope-Id, in xtext", NULL,
     HEAD TYPE STATUS "Original-Envelope-Id: news+2Banna+3Dexample.org@verp.example.com\n\n" UNNAMED,
     "bounce; recipient=anna@example.org; from=envelope_id; action=failed\nrfc3464; "
     "stream=letters"},
    {"the envelope wins over all of them", "news+ben=example.org@verp.example.com",
     HEAD TYPE STATUS UNNAMED RETURNED "Return-Path: <" VERP ">\nSender: " VERP "\n",
     "bounce; recipient=ben@example.org; from=verp; action=failed\nrfc3464; stream=letters"},
    {"another's List-Unsubscribe", NULL,
     HEAD TYPE STATUS FAILED RETURNED "List-Unsubscribe: <mailto:news+anna=example.org@other.example>\n",
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464"},
    {"a complaint's Original-Mail-From", NULL,
     "From: fbl@example.net\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: "
     "message/feedback-report\n\n"
     "Feedback-Type: abuse\nOriginal-Mail-From: <" VERP ">\nOriginal-Rcpt-To: redacted@example.net\n",
     "feedback; recipient=anna@example.org; from=verp\nrfc5965; type=abuse; mail_from=" VERP "; stream=letters"},
    {"an automatic reply", VERP, "From: boss@example.net\nAuto-Submitted: auto-replied\n\nAway.\n",
     "auto_reply; recipient=anna@example.org; from=verp; final=boss@example.net\nrfc3834; stream=letters"},
    {"Received: the hops agree", NULL,
     HEAD TYPE STATUS "\n" RETURNED "Received: from a by b\n\tfor <anna@example.org>; now\n"
                      "Received: from c by a for anna@example.org; before\nTo: list@example.net\n",
     "bounce; recipient=anna@example.org; from=returned_received\nrfc3464"},
    {"Received: forwarded, To decides", NULL,
     HEAD TYPE STATUS "\n" RETURNED "Received: from a by b for <fwd@inner.example>; now\n"
                      "Received: from c by a for <anna@example.org>; before\nTo: Anna <anna@example.org>\n",
     "bounce; recipient=anna@example.org; from=returned_to\nrfc3464"},
    {"Received: forwarded, the first hop decides", NULL,
     HEAD TYPE STATUS "\n" RETURNED "Received: from a by b for <fwd@inner.example>; now\n"
                      "Received: from c by a for <anna@example.org>; before\nTo: a@example.org, b@example.org\n",
     "bounce; recipient=anna@example.org; from=returned_received\nrfc3464"},
    {"a group that names a file: X-Failed-Recipients", NULL,
     HEAD "X-Failed-Recipients: anna@example.org\n" TYPE STATUS
          "Final-Recipient: rfc822;/var/mail/anna\nAction: failed\n\n" RETURNED "To: other@example.org\n",
     "bounce; recipient=anna@example.org; from=x_header; action=failed\nrfc3464"},
    {"To with several addresses tells nobody", NULL,
     HEAD TYPE STATUS "\n" RETURNED "To: a@example.org, b@example.org\n", "bounce\nrfc3464"},
    {"To with a Cc tells nobody", NULL, HEAD TYPE STATUS "\n" RETURNED "To: a@example.org\nCc: b@example.org\n",
     "bounce\nrfc3464"},
    /* a forward without Original-Recipient */
    {"X-Forwarded-For", NULL,
     HEAD TYPE STATUS FAILED RETURNED "X-Forwarded-For: anna@example.org fwd@inner.example\nFrom: news@example.com\n",
     "bounce; recipient=anna@example.org; from=x_header; final=fwd@inner.example; action=failed\nrfc3464; "
     "sender=news@example.com"},
    {"X-Forwarded-For of another forward", NULL,
     HEAD TYPE STATUS FAILED RETURNED "X-Forwarded-For: anna@example.org x@inner.example\n",
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464"},
    {"the first hop and Delivered-To", NULL,
     HEAD TYPE STATUS FAILED RETURNED
     "Delivered-To: anna@example.org\nReceived: from a by b for <anna@example.org>; now\n"
     "To: list@example.com\nFrom: news@example.com\n",
     "bounce; recipient=anna@example.org; from=returned_received; final=fwd@inner.example; action=failed\nrfc3464; "
     "sender=news@example.com"},
    {"the first hop and To", NULL,
     HEAD TYPE STATUS FAILED RETURNED "Received: from a by b for <fwd@inner.example>; now\n"
                                      "Received: from c by a for <anna@example.org>; before\nTo: anna@example.org\n",
     "bounce; recipient=anna@example.org; from=returned_received; final=fwd@inner.example; action=failed\nrfc3464"},
    {"the first hop and To, and an address that is only rewritten", NULL,
     HEAD TYPE STATUS FAILED RETURNED "Received: from c by a for <fwd@example.org>; before\nTo: fwd@example.org\n",
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464"},
    {"likewise, in the same domain", NULL,
     HEAD TYPE STATUS FAILED RETURNED
     "Received: from c by a for <anna@inner.example>; before\nTo: anna@inner.example\n",
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464"},
    {"one field is not enough", NULL, HEAD TYPE STATUS FAILED RETURNED "To: anna@example.org\n",
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464"},
    {"our own list, which the first hop names", NULL,
     HEAD TYPE STATUS FAILED RETURNED "Received: from a by b for <all@example.com>; now\nTo: all@example.com\n"
                                      "From: news@example.com\n",
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464; sender=news@example.com"},
    {"the report names whom the fields name, and another", NULL,
     HEAD TYPE STATUS FAILED "Final-Recipient: rfc822; anna@example.org\nAction: failed\n\n" RETURNED
                             "Received: from a by b for <anna@example.org>; now\nTo: anna@example.org\n",
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\n"
     "bounce; recipient=anna@example.org; from=final_recipient; action=failed\nrfc3464"},
    {"the report tells whom we sent to", NULL,
     HEAD TYPE STATUS "Original-Recipient: rfc822; ben@example.org\n" FAILED RETURNED
                      "Received: from a by b for <anna@example.org>; now\nTo: anna@example.org\n",
     "bounce; recipient=ben@example.org; from=original_recipient; final=fwd@inner.example; action=failed\nrfc3464"},
    {"a group: its successes come last", NULL,
     HEAD TYPE STATUS "Original-Recipient: rfc822; all@example.org\nFinal-Recipient: rfc822; a@inner.example\n"
                      "Action: delivered\n\n"
                      "Original-Recipient: rfc822; ben@example.org\nFinal-Recipient: rfc822; ben@example.org\n"
                      "Action: delivered\n\n"
                      "Original-Recipient: rfc822; all@example.org\n" FAILED,
     "delivered; recipient=ben@example.org; from=original_recipient; action=delivered\n"
     "bounce; recipient=all@example.org; from=original_recipient; final=fwd@inner.example; action=failed\n"
     "delivered; recipient=all@example.org; from=original_recipient; final=a@inner.example; "
     "action=delivered\nrfc3464"},
    {"our own address is no recipient", "abuse@plain.example.com",
     HEAD TYPE STATUS "Final-Recipient: rfc822; abuse@plain.example.com\nAction: failed\n\n",
     "bounce; action=failed\nrfc3464; stream=plain"},
    {"nor any other of the domain", VERP,
     HEAD TYPE STATUS "Final-Recipient: rfc822; Postmaster@Verp.Example.COM\nAction: failed\n\n" RETURNED
                      "To: ben@example.org\n",
     "bounce; recipient=anna@example.org; from=verp; action=failed\nrfc3464; stream=letters"},
    {"nor what a return path names", "news+postmaster=plain.example.com@verp.example.com", HEAD TYPE STATUS UNNAMED,
     "bounce; action=failed\nrfc3464; stream=letters"},
    {"nor whoever sent the message", NULL,
     HEAD TYPE STATUS FAILED RETURNED "Return-Path: <FWD@inner.example>\nTo: anna@example.org\n",
     "bounce; recipient=anna@example.org; from=returned_to; action=failed\nrfc3464"},
    {"nor, where it was forwarded, whoever is of the sender's domain", NULL,
     HEAD TYPE STATUS FAILED RETURNED "Return-Path: <news@example.org>\nReceived: from a by b for <anna@example.org>; "
                                      "now\nDelivered-To: anna@example.org\n",
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464"},
    {"but who wrote to himself", NULL,
     HEAD TYPE STATUS FAILED RETURNED "Return-Path: <fwd@inner.example>\nTo: fwd@inner.example\n",
     "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464"},
    {"nothing is made of ordinary mail", VERP, "From: a@example.org\nTo: b@example.org\n\nHello\n",
     "other\n-; stream=letters"},
};

static void test_cases(void)
{
    struct return_path verp = {.name = (char *)"v",
                               .domain = (char *)"verp.example.com",
                               .stream = (char *)"letters",
                               .scheme = RETURN_PATH_VERP};
    struct return_path plain = {.name = (char *)"p",
                                .domain = (char *)"plain.example.com",
                                .stream = (char *)"plain",
                                .scheme = RETURN_PATH_PLAIN};
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    struct report_settings settings;

    g_ptr_array_add(paths, &plain);
    g_ptr_array_add(paths, &verp);
    report_settings_defaults(&settings);
    settings.return_paths = paths;
    cases_run(cases, G_N_ELEMENTS(cases), &settings);
}

#define COMPLAINT "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n"

#define DAY ((gint64)86400)
#define TODAY 20785
#define OTHER "Final-Recipient: rfc822; victim@example.net\nAction: failed\nStatus: 5.1.1\n\n"
#define SIGNED "; final=victim@example.net; action=failed; status=5.1.1\nrfc3464; stream=s; evidence=signed; day=20785"

static GPtrArray *signed_paths(void)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func((GDestroyNotify)return_path_free);
    struct return_path *path = g_new0(struct return_path, 1);

    path->domain = g_strdup("s.example.com");
    path->stream = g_strdup("s");
    path->scheme = RETURN_PATH_SIGNED;
    path->lifetime = 30 * DAY;
    path->keys = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(path->keys, g_strdup("a key for the test, long enough"));
    g_ptr_array_add(paths, path);
    return paths;
}

/* The recipient that the signed address is for, and a report that comes to it. */
static const struct {
    const char *name, *recipient, *message, *expected;
} signed_cases[] = {
    {"signed", "anna@example.org", HEAD TYPE STATUS FAILED,
     "bounce; recipient=anna@example.org; from=signed; final=fwd@inner.example; action=failed\n"
     "rfc3464; stream=s; evidence=signed; day=20785"},
    {"what it names is the same", "anna@example.org",
     HEAD TYPE STATUS "Final-Recipient: rfc822; ANNA@example.org\nAction: failed\n\n",
     "bounce; recipient=anna@example.org; from=signed; action=failed\n"
     "rfc3464; stream=s; evidence=signed; day=20785"},
    {"it names another", "anna@example.org", HEAD TYPE STATUS OTHER,
     "bounce; recipient=anna@example.org; from=signed" SIGNED},
    {"it names another, ours looks redacted", "unknown@evil.example", HEAD TYPE STATUS OTHER,
     "bounce; recipient=unknown@evil.example; from=signed" SIGNED},
    {"redacted", "redacted-7@evil.example", HEAD TYPE STATUS OTHER,
     "bounce; recipient=redacted-7@evil.example; from=signed" SIGNED},
    {"anonymous", "anonymous@evil.example", HEAD TYPE STATUS OTHER,
     "bounce; recipient=anonymous@evil.example; from=signed" SIGNED},
    {"undisclosed", "undisclosed.x@evil.example", HEAD TYPE STATUS OTHER,
     "bounce; recipient=undisclosed.x@evil.example; from=signed" SIGNED},
    {"hashed", "hashed+x@evil.example", HEAD TYPE STATUS OTHER,
     "bounce; recipient=hashed+x@evil.example; from=signed" SIGNED},
    {"invalid", "x@evil.invalid", HEAD TYPE STATUS OTHER, "bounce; recipient=x@evil.invalid; from=signed" SIGNED},
    {"a complaint, masked", "xxx@evil.example",
     COMPLAINT "Feedback-Type: abuse\nOriginal-Rcpt-To: victim@example.net\n",
     "feedback; recipient=xxx@evil.example; from=signed; final=victim@example.net\n"
     "rfc5965; type=abuse; stream=s; evidence=signed; day=20785"},
    {"a complaint that names several", "anna@example.org",
     COMPLAINT "Feedback-Type: abuse\nOriginal-Rcpt-To: victim@example.net\nOriginal-Rcpt-To: other@example.net\n",
     "feedback; recipient=anna@example.org; from=signed; final=victim@example.net\n"
     "rfc5965; type=abuse; stream=s; evidence=signed; day=20785"},
    {"many victims", "unknown@evil.example",
     HEAD TYPE STATUS OTHER OTHER "Original-Recipient: rfc822; c@example.net\n" OTHER
                                  "Final-Recipient: rfc822; d@example.net\nAction: delayed\n\n",
     "bounce; recipient=unknown@evil.example; from=signed; final=victim@example.net; action=failed; status=5.1.1\n"
     "delay; recipient=unknown@evil.example; from=signed; final=d@example.net; action=delayed\n"
     "rfc3464; stream=s; evidence=signed; day=20785"},
    {"it reports nothing", "anna@example.org", "From: a@example.org\nTo: b@example.org\n\nHello\n",
     "other\n-; stream=s"},
};

static void test_signed(void)
{
    g_autoptr(GPtrArray) paths = signed_paths();
    struct report_settings settings;

    report_settings_defaults(&settings);
    settings.return_paths = paths;
    settings.now = TODAY * DAY;
    for (size_t i = 0; i < G_N_ELEMENTS(signed_cases); i++) {
        g_autofree char *address = return_path_make(paths->pdata[0], signed_cases[i].recipient, settings.now);
        const struct parser_case row = {signed_cases[i].name, address, signed_cases[i].message,
                                        signed_cases[i].expected};

        g_assert_nonnull(address);
        cases_run(&row, 1, &settings);
    }
}

/* A signature is no evidence when it is forged, of before signatures had days, too old, or of a day that is to come. */
static void test_no_signature(void)
{
    g_autoptr(GPtrArray) paths = signed_paths();
    g_autofree char *late = return_path_make(paths->pdata[0], "anna@example.org", (TODAY - 31) * DAY);
    g_autofree char *early = return_path_make(paths->pdata[0], "anna@example.org", (TODAY + 2) * DAY);
    const char *other = "bounce; recipient=fwd@inner.example; from=final_recipient; action=failed\nrfc3464; stream=s";
    const char *told = "bounce; recipient=anna@example.org; from=verp; action=failed\nrfc3464; stream=s";
    const char *nobody = HEAD TYPE STATUS UNNAMED;
    const struct parser_case cases_unsigned[] = {
        {"forged", "s+anna=example.org+513100000000000000000000@s.example.com", HEAD TYPE STATUS FAILED, other},
        {"without a day", "s+anna=example.org+00000000000000000000@s.example.com", HEAD TYPE STATUS FAILED, other},
        {"late", late, HEAD TYPE STATUS FAILED, other},
        {"early", early, HEAD TYPE STATUS FAILED, other},
        {"late, and the report names nobody", late, nobody, told},
    };
    struct report_settings settings;

    report_settings_defaults(&settings);
    settings.return_paths = paths;
    settings.now = TODAY * DAY;
    cases_run(cases_unsigned, G_N_ELEMENTS(cases_unsigned), &settings);
}

/* One message to several: the evidence covers the one of the MAC, in whatever order they come. */
static void test_several(void)
{
    static const char text[] = HEAD TYPE STATUS OTHER "Final-Recipient: rfc822; x@example.net\nAction: failed\n\n";
    g_autoptr(GPtrArray) paths = signed_paths();
    g_autofree char *ours = return_path_make(paths->pdata[0], "unknown@evil.example", TODAY * DAY);
    const char *forged = "s+victim=example.net+513100000000000000000000@s.example.com";
    const char *const orders[][3] = {{ours, forged, NULL}, {forged, ours, NULL}};
    struct report_settings settings;

    report_settings_defaults(&settings);
    settings.return_paths = paths;
    settings.now = TODAY * DAY;
    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        struct report_envelope envelope = {.mail_from = "", .recipients = orders[i]};
        g_autoptr(Report) report = parser_read(&settings, &envelope, text, strlen(text));
        const struct report_recipient *recipient = report->recipients->pdata[0];

        g_assert_cmpuint(report->recipients->len, ==, 1);
        g_assert_cmpint(report->evidence, ==, REPORT_EVIDENCE_SIGNED);
        g_assert_cmpstr(recipient->recipient, ==, "unknown@evil.example");
        g_assert_cmpstr(recipient->final_recipient, ==, "victim@example.net");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/recovery/cases", test_cases);
    g_test_add_func("/parser/recovery/signed", test_signed);
    g_test_add_func("/parser/recovery/no_signature", test_no_signature);
    g_test_add_func("/parser/recovery/several", test_several);
    return g_test_run();
}
