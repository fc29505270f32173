/* From a report to a verdict. */
#include "classifier/classifier.h"
#include "classifier/language/blocklist.h"

#include <string.h>

static struct classifier *classifier;

static const struct {
    const char *name;
    enum report_kind kind;
    unsigned reply;
    const char *feedback_type;
    const char *status;
    const char *command;
    const char *remote_mta;
    const char *diagnostic;
    const char *reason;
    const char *verdict;
    const char *party;
} cases[] = {
    /* kinds */
    {"ordinary", REPORT_KIND_OTHER, 0, NULL, NULL, NULL, NULL, "user unknown", "", "none", ""},
    {"delivered", REPORT_KIND_DELIVERED, 0, NULL, "2.0.0", NULL, NULL, NULL, "delivered", "none", ""},
    {"holiday", REPORT_KIND_AUTO_REPLY, 0, NULL, NULL, NULL, NULL, NULL, "auto_reply", "none", "human"},
    {"unsubscribe", REPORT_KIND_UNSUBSCRIBE, 0, NULL, NULL, NULL, NULL, NULL, "unsubscribe", "unsubscribe", "human"},
    {"abuse", REPORT_KIND_FEEDBACK, 0, "abuse", NULL, NULL, NULL, NULL, "feedback", "complaint", "human"},
    {"no type", REPORT_KIND_FEEDBACK, 0, NULL, NULL, NULL, NULL, NULL, "feedback", "complaint", "human"},
    {"unknown type", REPORT_KIND_FEEDBACK, 0, "novel", NULL, NULL, NULL, NULL, "feedback", "complaint", "human"},
    {"not-spam", REPORT_KIND_FEEDBACK, 0, "not-spam", NULL, NULL, NULL, NULL, "feedback", "none", "human"},
    {"auth-failure", REPORT_KIND_FEEDBACK, 0, "auth-failure", NULL, NULL, NULL, NULL, "feedback", "none", "human"},
    {"opt-out of a list", REPORT_KIND_FEEDBACK, 0, "opt-out-list", NULL, NULL, NULL, NULL, "unsubscribe", "unsubscribe",
     "human"},
    {"opt-out", REPORT_KIND_FEEDBACK, 0, "opt-out", NULL, NULL, NULL, NULL, "unsubscribe", "unsubscribe", "human"},

    /* hard and soft */
    {"unknown", REPORT_KIND_BOUNCE, 550, NULL, "5.1.1", "RCPT", NULL, "550 5.1.1 user unknown", "user_unknown", "hard",
     "recipient"},
    {"unknown for now", REPORT_KIND_BOUNCE, 450, NULL, "4.1.1", "RCPT", NULL, "450 4.1.1 user unknown", "user_unknown",
     "soft", "recipient"},
    {"reply alone is temporary", REPORT_KIND_BOUNCE, 450, NULL, NULL, "RCPT", NULL, "user unknown", "user_unknown",
     "soft", "recipient"},
    {"the text's reply is temporary", REPORT_KIND_BOUNCE, 0, NULL, NULL, "RCPT", NULL, "450 user unknown",
     "user_unknown", "soft", "recipient"},
    {"status before reply", REPORT_KIND_BOUNCE, 450, NULL, "5.1.1", "RCPT", NULL, "user unknown", "user_unknown",
     "hard", "recipient"},
    {"delay", REPORT_KIND_DELAY, 0, NULL, "4.4.1", NULL, NULL, "Connection timed out", "expired", "none", "network"},
    {"delay of which no rule knows the text", REPORT_KIND_DELAY, 0, NULL, NULL, NULL, NULL, "the moon is blue",
     "expired", "none", "network"},
    {"delay that gives no cause", REPORT_KIND_DELAY, 0, NULL, NULL, NULL, NULL, NULL, "expired", "none", "network"},
    {"delay of an unknown user", REPORT_KIND_DELAY, 550, NULL, "5.1.1", NULL, NULL, "user unknown", "user_unknown",
     "none", "recipient"},
    {"our fault is soft", REPORT_KIND_BOUNCE, 554, NULL, "5.7.1", NULL, NULL,
     "554 5.7.1 Client host [192.0.2.25] blocked using zen.spamhaus.org", "blocked", "soft", "sender"},

    /* text before code, code before nothing */
    {"full with an unknown user's code", REPORT_KIND_BOUNCE, 552, NULL, "5.1.1", NULL, NULL,
     "552 5.1.1 <joe@example.com> over quota", "mailbox_full", "soft", "recipient"},
    {"a rate with an unknown user's code", REPORT_KIND_BOUNCE, 550, NULL, "5.1.1", NULL, NULL,
     "550 5.1.1 <joe@example.com> too many recipients this hour", "rate_limited", "soft", "sender"},
    {"yandex", REPORT_KIND_BOUNCE, 550, NULL, "5.7.1", "RCPT", NULL, "550 5.7.1 No such user!", "user_unknown", "hard",
     "recipient"},
    {"code alone", REPORT_KIND_BOUNCE, 0, NULL, "5.1.1", NULL, NULL, NULL, "user_unknown", "hard", "recipient"},
    {"reply alone", REPORT_KIND_BOUNCE, 552, NULL, NULL, NULL, NULL, NULL, "mailbox_full", "soft", "recipient"},
    {"unregistered detail", REPORT_KIND_BOUNCE, 0, NULL, "5.4.888", NULL, NULL, NULL, "network_error", "soft",
     "network"},
    {"code in the text", REPORT_KIND_BOUNCE, 0, NULL, "5.0.0", NULL, NULL, "550 5.2.2 no", "mailbox_full", "soft",
     "recipient"},
    {"nothing", REPORT_KIND_BOUNCE, 0, NULL, NULL, NULL, NULL, NULL, "undefined", "soft", "unknown"},
    {"a reply of no meaning", REPORT_KIND_BOUNCE, 550, NULL, NULL, NULL, NULL, NULL, "on_hold", "soft", "unknown"},
    {"words of no meaning", REPORT_KIND_BOUNCE, 0, NULL, NULL, NULL, NULL, "the moon is blue", "on_hold", "soft",
     "unknown"},

    /* the stage tells what "unknown user" means */
    {"at RCPT", REPORT_KIND_BOUNCE, 550, NULL, NULL, "RCPT", NULL, "550 unknown user joe@example.com", "user_unknown",
     "hard", "recipient"},
    {"at DATA", REPORT_KIND_BOUNCE, 550, NULL, NULL, "DATA", NULL, "550 unknown user joe@example.com", "filtered",
     "soft", "recipient"},
    {"at a stage that nobody tells", REPORT_KIND_BOUNCE, 550, NULL, NULL, NULL, NULL,
     "550 unknown user joe@example.com", "user_unknown", "hard", "recipient"},
    {"docomo at RCPT", REPORT_KIND_BOUNCE, 550, NULL, NULL, "RCPT", "mfsmax.docomo.ne.jp",
     "550 unknown user joe@example.com", "user_unknown", "hard", "recipient"},
    {"docomo", REPORT_KIND_BOUNCE, 550, NULL, NULL, NULL, "mfsmax.docomo.ne.jp", "550 unknown user joe@example.com",
     "filtered", "soft", "recipient"},
    {"au", REPORT_KIND_BOUNCE, 550, NULL, NULL, NULL, "lsean.ezweb.ne.jp", "550 user unknown", "filtered", "soft",
     "recipient"},
    {"softbank", REPORT_KIND_BOUNCE, 550, NULL, NULL, NULL, "mx.softbank.ne.jp", "550 invalid recipient", "filtered",
     "soft", "recipient"},
    {"at MAIL", REPORT_KIND_BOUNCE, 550, NULL, NULL, "MAIL", NULL, "550 unknown user joe@example.com",
     "sender_rejected", "soft", "sender"},
    {"at a stage that the text names", REPORT_KIND_BOUNCE, 550, NULL, NULL, NULL, NULL,
     "mx.example.com did not like our RCPT TO: 550 unknown user", "user_unknown", "hard", "recipient"},
    /* what is answered before a recipient is named, or about the sender in other words, is never the recipient's fault
     */
    {"MAIL, no such domain", REPORT_KIND_BOUNCE, 550, NULL, NULL, NULL, NULL,
     "SMTP error from remote mail server after MAIL FROM:<news@example.org>: 550 5.1.7 No such domain example.org",
     "sender_rejected", "soft", "sender"},
    {"MAIL, the code of an unknown user", REPORT_KIND_BOUNCE, 550, NULL, "5.1.1", "MAIL", NULL, "550 5.1.1 no",
     "sender_rejected", "soft", "sender"},
    {"MAIL, full", REPORT_KIND_BOUNCE, 552, NULL, "5.2.2", "MAIL", NULL, "552 5.2.2 mailbox full", "sender_rejected",
     "soft", "sender"},
    {"MAIL, moved", REPORT_KIND_BOUNCE, 551, NULL, "5.1.6", "MAIL", NULL, "551 5.1.6 user has moved", "sender_rejected",
     "soft", "sender"},
    {"MAIL, a word of no meaning", REPORT_KIND_BOUNCE, 550, NULL, NULL, "MAIL", NULL, "550 the moon is blue", "on_hold",
     "soft", "unknown"},
    {"HELO, host unknown", REPORT_KIND_BOUNCE, 501, NULL, NULL, NULL, NULL,
     "Connected to 192.0.2.1 but my name was rejected. Remote host said: 501 Invalid domain name", "blocked", "soft",
     "sender"},
    {"EHLO, unknown host", REPORT_KIND_BOUNCE, 550, NULL, "5.1.2", "EHLO", NULL, "550 5.1.2 Host unknown", "blocked",
     "soft", "sender"},
    {"connection, no such user", REPORT_KIND_BOUNCE, 521, NULL, NULL, "CONN", NULL, "521 no such user here", "blocked",
     "soft", "sender"},
    {"STARTTLS, no such user", REPORT_KIND_BOUNCE, 550, NULL, "5.1.1", "STARTTLS", NULL, "550 5.1.1 no",
     "starttls_failed", "soft", "sender"},
    {"AUTH, an unknown user", REPORT_KIND_BOUNCE, 535, NULL, "5.1.1", "AUTH", NULL, "535 5.1.1 User unknown",
     "security_error", "soft", "sender"},
    {"Postfix's probe of the sender", REPORT_KIND_BOUNCE, 550, NULL, "5.1.1", NULL, NULL,
     "host mx.example.com[192.0.2.1] said: 550 5.1.7 <news@example.org>: Sender address rejected: undeliverable "
     "address: host mx.example.org[192.0.2.2] said: 550 5.1.1 <news@example.org>: User unknown (in reply to RCPT TO "
     "command) (in reply to RCPT TO command)",
     "sender_rejected", "soft", "sender"},
    {"Postfix's probe of the recipient", REPORT_KIND_BOUNCE, 550, NULL, "5.1.1", NULL, NULL,
     "550 5.1.1 <joe@example.com>: Recipient address rejected: undeliverable address: host mx.example.net[192.0.2.2] "
     "said: 552 5.2.2 mailbox full (in reply to RCPT TO command)",
     "mailbox_full", "soft", "recipient"},
    {"Exim's callout", REPORT_KIND_BOUNCE, 550, NULL, NULL, "RCPT", NULL,
     "550-Verification failed for <news@example.org> 550-Called: 192.0.2.2 550-Sent: RCPT TO:<news@example.org> "
     "550-Response: 550 5.1.1 <news@example.org>: No such user 550 Sender verify failed",
     "sender_rejected", "soft", "sender"},
    {"a callout in other words", REPORT_KIND_BOUNCE, 550, NULL, NULL, "RCPT", NULL,
     "550 Sender callback failed (mail.example.org (550 5.1.1 no such user))", "sender_rejected", "soft", "sender"},
    {"a return path that is unknown", REPORT_KIND_BOUNCE, 550, NULL, "5.1.1", "RCPT", NULL,
     "550 5.1.1 could not verify the return path: host said: 550 User unknown", "sender_rejected", "soft", "sender"},
    {"a probe that names our address alone", REPORT_KIND_BOUNCE, 550, NULL, NULL, NULL, NULL,
     "550 <news@example.org>: undeliverable address: host mx.example.org said: 550 5.1.1 unknown", "sender_rejected",
     "soft", "sender"},
    {"one that names the recipient, too", REPORT_KIND_BOUNCE, 550, NULL, NULL, NULL, NULL,
     "550 <Joe@example.com>: undeliverable address: host mx.example.org said: 550 5.1.1 unknown", "user_unknown",
     "hard", "recipient"},
    {"a callout, and the sender behind it", REPORT_KIND_BOUNCE, 550, NULL, NULL, NULL, NULL,
     "550 5.7.1 Callout verification failed for sender <news@example.org>: 550 5.1.1 User unknown", "security_error",
     "soft", "sender"},
    {"returned to sender", REPORT_KIND_BOUNCE, 550, NULL, "5.1.1", NULL, NULL, "550 Returned to sender: user unknown",
     "user_unknown", "hard", "recipient"},
    {"at connection", REPORT_KIND_BOUNCE, 554, NULL, NULL, "CONN", NULL, "554 access denied", "blocked", "soft",
     "sender"},

    /* the host tells what the words mean */
    {"exchange edge", REPORT_KIND_BOUNCE, 550, NULL, "5.4.1", NULL, "example-com.mail.protection.outlook.com",
     "550 5.4.1 [joe@example.com]: Recipient address rejected: Access denied", "user_unknown", "hard", "recipient"},
    {"outlook", REPORT_KIND_BOUNCE, 550, NULL, "5.5.0", NULL, "hotmail-com.olc.protection.outlook.com",
     "550 5.5.0 Requested action not taken: mailbox unavailable", "user_unknown", "hard", "recipient"},
    {"not a host below outlook.com", REPORT_KIND_BOUNCE, 550, NULL, "5.7.606", NULL, "notoutlook.com", "550 5.7.606 no",
     "security_error", "soft", "sender"},

    /* nested replies: reason from the innermost, permanence from the outermost */
    {"inner reason, outer permanence", REPORT_KIND_BOUNCE, 450, NULL, "4.0.0", "RCPT", NULL,
     "host a.example.com said: 450 4.7.0 host b.example.com said: 550 5.1.1 user unknown", "user_unknown", "soft",
     "recipient"},
    {"multi-line", REPORT_KIND_BOUNCE, 550, NULL, "5.1.1", NULL, NULL,
     "550-5.1.1 The email account that you tried to 550 5.1.1 reach does not exist", "user_unknown", "hard",
     "recipient"},
    {"names are no reasons", REPORT_KIND_BOUNCE, 550, NULL, "5.1.1", NULL, NULL,
     "550 5.1.1 <mailbox-full@example.com> no", "user_unknown", "hard", "recipient"},
};

static void test_table(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct report report = {.feedback_type = cases[i].feedback_type};
        struct report_recipient recipient = {
            .kind = cases[i].kind,
            .recipient = "joe@example.com",
            .status = cases[i].status,
            .reply = cases[i].reply,
            .command = cases[i].command,
            .remote_mta = cases[i].remote_mta,
            .diagnostic = cases[i].diagnostic,
        };
        struct verdict verdict;

        report_settle(&recipient);
        classifier_judge(classifier, &report, &recipient, &verdict);
        if (strcmp(reason_names[verdict.reason], cases[i].reason) != 0 ||
            strcmp(verdict_names[verdict.verdict], cases[i].verdict) != 0 ||
            strcmp(party_names[verdict.party], cases[i].party) != 0)
            g_error("%s: %s, %s, %s by %s", cases[i].name, reason_names[verdict.reason], verdict_names[verdict.verdict],
                    party_names[verdict.party], verdict.rule ? verdict.rule : "-");
    }
}

static const struct {
    const char *diagnostic;
    const char *blocklist;
} lists[] = {
    {"550 user unknown", NULL},
    {"554 blocked using zen.spamhaus.org", "zen.spamhaus.org"},
    {"554 see https://www.spamhaus.org/query/ip/192.0.2.25", "zen.spamhaus.org"},
    {"554 sender blocked using dbl.spamhaus.org", "dbl.spamhaus.org"},
    {"554 see http://bl.spamcop.net/bl.shtml?192.0.2.25", "bl.spamcop.net"},
    {"host a said: 554 listed at b.barracudacentral.org", "b.barracudacentral.org"},
    {"554 5.7.1 192.0.2.25 listed at UCEPROTECT-Level2", "dnsbl-2.uceprotect.net"},
    {"550 5.7.1 a domain present in the Spamhaus DBL", "dbl.spamhaus.org"},
    {"host in.hes.trendmicro.com said: 550 user unknown", NULL},
};

static const char *blocklist_of(const char *diagnostic)
{
    const struct report report = {0};
    const struct report_recipient recipient = {.kind = REPORT_KIND_BOUNCE, .diagnostic = diagnostic};
    struct verdict verdict;

    classifier_judge(classifier, &report, &recipient, &verdict);
    return verdict.blocklist;
}

/* Each row's words name its list, whatever rows stand before it, and so does the list's name. */
static void test_blocklists(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        g_assert_cmpstr(blocklist_of(lists[i].diagnostic), ==, lists[i].blocklist);
    for (size_t i = 0; i < blocklist_count; i++) {
        g_autofree char *words = g_strdup_printf("550 5.7.1 refused, see %s", blocklist_rows[i].literal);
        g_assert_cmpstr(blocklist_of(words), ==, blocklist_rows[i].name);
    }
}

static void test_operator(void)
{
    static const char text[] =
        "rule ours\nreason blocked\nhost example.net\nmatch user unknown\nexample user unknown\n";
    const struct classifier_source source = {"ours.rules", text, strlen(text)};
    g_autoptr(Classifier) own = classifier_new(&source, 1, NULL);
    const struct report report = {.reporting_mta = "MX.Example.NET."};
    const struct report_recipient recipient = {
        .kind = REPORT_KIND_BOUNCE, .status = "5.1.1", .diagnostic = "550 5.1.1 user unknown"};
    struct verdict verdict;

    classifier_judge(own, &report, &recipient, &verdict);
    g_assert_cmpstr(verdict.rule, ==, "ours");
    g_assert_cmpuint(strlen(classifier_version(own)), ==, 12);
    g_assert_cmpstr(classifier_version(own), !=, classifier_version(classifier));
}

/* The code of an unknown user, without words, before a recipient was named: the command tells. */
static void test_refusals(void)
{
    static const struct {
        const char *command, *rule;
        enum reason reason;
    } rows[] = {
        {"CONN", "stage-connection", REASON_BLOCKED},
        {"EHLO", "stage-greeting", REASON_BLOCKED},
        {"HELO", "stage-greeting", REASON_BLOCKED},
        {"LHLO", "stage-greeting", REASON_BLOCKED},
        {"STARTTLS", "stage-starttls", REASON_STARTTLS_FAILED},
        {"AUTH", "stage-auth", REASON_SECURITY_ERROR},
        {"MAIL", "stage-sender", REASON_SENDER_REJECTED},
    };
    const struct report report = {0};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct report_recipient recipient = {.kind = REPORT_KIND_BOUNCE, .status = "5.1.1", .command = rows[i].command};
        struct verdict verdict;

        report_settle(&recipient);
        classifier_judge(classifier, &report, &recipient, &verdict);
        g_test_message("%s", rows[i].command);
        g_assert_cmpstr(verdict.rule, ==, rows[i].rule);
        g_assert_cmpint(verdict.reason, ==, rows[i].reason);
    }
}

static void test_explain(void)
{
    const struct report report = {0};
    const struct report_recipient recipient = {.kind = REPORT_KIND_BOUNCE,
                                               .diagnostic = "550 Unknown user joe@example.com"};
    g_autoptr(GPtrArray) steps = classifier_explain(classifier, &report, &recipient);

    g_assert_cmpuint(steps->len, >, 1);
    const struct classifier_step *last = steps->pdata[steps->len - 1];
    g_assert_true(last->decided);
    g_assert_cmpint(last->reason, ==, REASON_USER_UNKNOWN);
    for (guint i = 0; i + 1 < steps->len; i++) {
        const struct classifier_step *step = steps->pdata[i];
        g_assert_false(step->decided);
        g_assert_true(step->excluded_by || step->pattern);
    }
}

static void *judge_all(void *data)
{
    for (unsigned round = 0; round < 200; round++)
        test_table();
    return data;
}

/* Patterns are compiled while threads that share the classifier ask for them. */
static void test_threads(void)
{
    GThread *threads[4];

    classifier_free(classifier);
    classifier = classifier_new(NULL, 0, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("judge", judge_all, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
    g_assert_true(classifier_compile(classifier, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GError) error = NULL;
    classifier = classifier_new(NULL, 0, &error);
    g_assert_no_error(error);
    g_test_add_func("/judge/table", test_table);
    g_test_add_func("/judge/blocklists", test_blocklists);
    g_test_add_func("/judge/operator", test_operator);
    g_test_add_func("/judge/refusals", test_refusals);
    g_test_add_func("/judge/explain", test_explain);
    g_test_add_func("/judge/threads", test_threads);
    int status = g_test_run();
    classifier_free(classifier);
    return status;
}
