/* The names of reasons, parties and verdicts; every reason has a word in every vocabulary that has one, and advice for
 * a person. */
#include "classifier/vocabulary.h"

#include <string.h>

#include "classifier/advice.h"
#include "tests/unit/names.h"

static void test_names(void)
{
    names_check(reason_names,
                " user_unknown has_moved mailbox_disabled mailbox_full filtered host_unknown no_mail_accepted "
                "message_too_large spam_detected virus_detected content_error not_rfc_compliant policy_violation "
                "security_error auth_failure bad_reputation blocked ptr_required sender_rejected relaying_denied "
                "rate_limited syntax_error starttls_failed expired network_error system_error system_full mailer_error "
                "provider_suppressed on_hold undefined delivered feedback auto_reply unsubscribe");
    names_check(party_names, " recipient domain content sender network remote human unknown");
    names_check(verdict_names, "none hard soft complaint unsubscribe");
    names_check(vocabulary_names, "sisimai powermta sparkpost ses");
}

/* Words that operators use for a reason. */
static void test_synonyms(void)
{
    g_assert_cmpint(reason_from_name("complaint"), ==, REASON_FEEDBACK);
    g_assert_cmpint(reason_from_name("opt-out"), ==, REASON_UNSUBSCRIBE);
    g_assert_cmpint(reason_from_name("opt_out"), ==, REASON_UNSUBSCRIBE);
    g_assert_cmpint(reason_from_name("blocked"), ==, REASON_BLOCKED);
    g_assert_cmpint(reason_from_name("nonsense"), ==, REASON_NONE);
}

static void test_complete(void)
{
    for (enum reason reason = REASON_USER_UNKNOWN; reason <= REASON_UNDEFINED; reason++) {
        for (enum vocabulary vocabulary = 0; vocabulary < VOCABULARY_COUNT; vocabulary++) {
            if (!vocabulary_word(vocabulary, reason)[0])
                g_error("%s has no word in %s", reason_names[reason], vocabulary_names[vocabulary]);
        }
    }
    for (enum reason reason = REASON_NONE; reason < REASON_COUNT; reason++)
        g_assert_cmpuint(strlen(advice_for(reason)), >, 10);
}

static const struct {
    enum vocabulary vocabulary;
    enum reason reason;
    const char *word;
} cases[] = {
    {VOCABULARY_SISIMAI, REASON_USER_UNKNOWN, "userunknown"},
    {VOCABULARY_SISIMAI, REASON_NONE, ""},
    {VOCABULARY_SISIMAI, REASON_DELIVERED, "delivered"},
    {VOCABULARY_SISIMAI, REASON_FEEDBACK, "feedback"},
    {VOCABULARY_SISIMAI, REASON_AUTO_REPLY, "vacation"},
    {VOCABULARY_SISIMAI, REASON_UNSUBSCRIBE, "feedback"},
    {VOCABULARY_POWERMTA, REASON_MAILBOX_FULL, "quota-issues"},
    {VOCABULARY_SPARKPOST, REASON_RELAYING_DENIED, "54"},
    {VOCABULARY_SES, REASON_VIRUS_DETECTED, "Transient/AttachmentRejected"},
};

static void test_words(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(vocabulary_word(cases[i].vocabulary, cases[i].reason), ==, cases[i].word);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vocabulary/names", test_names);
    g_test_add_func("/vocabulary/synonyms", test_synonyms);
    g_test_add_func("/vocabulary/complete", test_complete);
    g_test_add_func("/vocabulary/words", test_words);
    return g_test_run();
}
