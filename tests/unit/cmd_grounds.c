/* The words of providers: each row of the table has its example here, and each example is of one meaning. */
#include "cmd/lists/grounds.h"

#include <string.h>

static const struct {
    const char *words; /* with commas between */
    enum reason reason;
    enum verdict_kind verdict;
    bool bounce;
} rows[] = {
    {"bounce,Bounces,bounced,hard,HardBounce,hard-bounce,hard_bounce,Hard bounces,Permanent,Bounce "
     "Rule,invalid,invalid_email,"
     "Invalid Emails,BadEmailAddress,previous_bounce,block,blocks,blocked",
     REASON_PROVIDER_SUPPRESSED, VERDICT_SOFT, true},
    {"COMPLAINT,complaints,complained,spam,SpamComplaint,Spam Complaint,spam complaints,spamreport,spam_reports,"
     "contactFlaggedAsSpam,abuse,previous_complaint",
     REASON_FEEDBACK, VERDICT_COMPLAINT, false},
    {"unsub,Unsubscribe,unsubscribes,unsubscribed,unsubscribedViaEmail,unsubscribedViaMA,unsubscribedViaApi,"
     "group_unsubscribe,List Unsubscribe,link_unsubscribe,Unsubscribe Link,global_unsubscribes,opt-out",
     REASON_UNSUBSCRIBE, VERDICT_UNSUBSCRIBE, false},
    {"manual,Manually Added,ManualSuppression,custom,Customer,adminBlocked", REASON_NONE, VERDICT_NONE, false},
    {"Compliance,ManuallyDeactivated,Unconfirmed,suppressed", REASON_PROVIDER_SUPPRESSED, VERDICT_SOFT, false},
    {"user_unknown,userunknown,User Unknown", REASON_USER_UNKNOWN, VERDICT_HARD, false},
    {"mailbox_full,mailboxfull", REASON_MAILBOX_FULL, VERDICT_SOFT, false},
    {"feedback", REASON_FEEDBACK, VERDICT_COMPLAINT, false},
};

static const char passing[] =
    "soft,temporary,SoftBounce,soft bounces,Transient,Undetermined,AutoResponder,AddressChange,DnsError,"
    "SpamNotification,ChallengeVerification,Subscribe,Unknown,delivered,vacation";
static const char unknown[] = "gone,550 5.1.1 user unknown,-,,a word of more than forty letters and digits in a row";

static void test_words(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) words = g_strsplit(rows[i].words, ",", -1);

        for (char **word = words; *word != NULL; word++) {
            struct grounds grounds;
            const char *fault = grounds_of_word(span_of(*word), span_of(NULL), &grounds);

            if (fault != NULL || grounds.reason != rows[i].reason || grounds.verdict != rows[i].verdict ||
                grounds.bounce != rows[i].bounce)
                g_error("%s: %s", *word, fault != NULL ? fault : reason_names[grounds.reason]);
        }
    }
}

static void test_none(void)
{
    const char *const lists[] = {passing, unknown};

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_auto(GStrv) words = g_strsplit(lists[i], ",", -1);

        for (char **word = words; *word != NULL; word++) {
            struct grounds grounds;
            const char *fault = grounds_of_word(span_of(*word), span_of(NULL), &grounds);

            if (fault == NULL || (*fault != '\0') != (lists[i] == passing))
                g_error("%s: %s", *word, fault != NULL ? fault : "is a reason");
        }
    }
}

static void test_origin(void)
{
    struct grounds grounds;

    g_assert_null(grounds_of_word(span_of("ManualSuppression"), span_of("Recipient"), &grounds));
    g_assert_cmpint(grounds.reason, ==, REASON_UNSUBSCRIBE);
    g_assert_null(grounds_of_word(span_of("HardBounce"), span_of("Recipient"), &grounds));
    g_assert_cmpint(grounds.reason, ==, REASON_PROVIDER_SUPPRESSED);
}

static void test_names(void)
{
    static const struct {
        const char *name;
        enum reason reason; /* REASON_COUNT: it says nothing */
    } names[] = {
        {"sendgrid-bounces-2026.csv", REASON_PROVIDER_SUPPRESSED},
        {"Invalid_Emails.csv", REASON_PROVIDER_SUPPRESSED},
        {"blocks.json", REASON_PROVIDER_SUPPRESSED},
        {"spam_reports.json", REASON_FEEDBACK},
        {"complaints.csv", REASON_FEEDBACK},
        {"unsubscribes.csv", REASON_UNSUBSCRIBE},
        {"opt-outs.txt", REASON_UNSUBSCRIBE},
        {"opt_outs.txt", REASON_UNSUBSCRIBE},
        {"optouts.txt", REASON_UNSUBSCRIBE},
        {"list.csv", REASON_COUNT},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        struct grounds grounds = {.reason = REASON_COUNT};

        g_assert_cmpint(grounds_of_name(names[i].name, &grounds), ==, names[i].reason != REASON_COUNT);
        g_assert_cmpint(grounds.reason, ==, names[i].reason);
    }
}

static void test_diagnostics(void)
{
    static const struct {
        const char *diagnostic, *status;
        enum reason reason;
        bool taken;
    } texts[] = {
        {NULL, NULL, REASON_PROVIDER_SUPPRESSED, true},
        {NULL, "550", REASON_PROVIDER_SUPPRESSED, true},
        {NULL, "5.0.0", REASON_PROVIDER_SUPPRESSED, true},
        {"550 5.1.1 user unknown", "5.1.1", REASON_USER_UNKNOWN, true},
        {"user unknown", NULL, REASON_USER_UNKNOWN, true},
        {"452 4.2.2 mailbox full", "4.2.2", REASON_MAILBOX_FULL, true},
        {"Bounced", NULL, REASON_PROVIDER_SUPPRESSED, true},
        {"554 5.7.1 spam message rejected", "5.7.1", REASON_PROVIDER_SUPPRESSED, false},
        {"550 5.7.1 your IP address is blocked by our policy, see https://example.com", NULL,
         REASON_PROVIDER_SUPPRESSED, false},
        {"connection timed out", NULL, REASON_PROVIDER_SUPPRESSED, false},
        {"550 4.3.1 insufficient system storage", "4.3.1", REASON_PROVIDER_SUPPRESSED, false},
    };
    g_autoptr(Classifier) classifier = classifier_new(NULL, 0, NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct grounds grounds = {REASON_PROVIDER_SUPPRESSED, VERDICT_SOFT, true};
        const char *fault = grounds_of_diagnostic(classifier, texts[i].diagnostic, texts[i].status, &grounds);

        if ((fault == NULL) != texts[i].taken || grounds.reason != texts[i].reason)
            g_error("%s: %s, %s", texts[i].diagnostic, reason_names[grounds.reason], fault);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bouncectl/grounds/words", test_words);
    g_test_add_func("/bouncectl/grounds/none", test_none);
    g_test_add_func("/bouncectl/grounds/origin", test_origin);
    g_test_add_func("/bouncectl/grounds/names", test_names);
    g_test_add_func("/bouncectl/grounds/diagnostics", test_diagnostics);
    return g_test_run();
}
