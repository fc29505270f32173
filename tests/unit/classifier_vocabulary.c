/* Every reason has a word in every vocabulary that has one, and advice for a person. */
#include "classifier/vocabulary.h"

#include <string.h>

#include "classifier/advice.h"

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
    {VOCABULARY_SISIMAI, REASON_AUTO_REPLY, "vacation"},
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
    g_test_add_func("/vocabulary/complete", test_complete);
    g_test_add_func("/vocabulary/words", test_words);
    return g_test_run();
}
