/* Whom an answer is about: every word of the tables tells, and what only looks like it does not. */
#include "parser/text/subject.h"

#include <glib.h>

static const struct {
    const char *text;
    bool sender;
} cases[] = {
    {"", false},
    {"sender", false},
    {"550 5.1.1 user unknown", false},
    {"550 5.1.7 <a@example.com>: Sender address rejected: undeliverable address", true},
    {"550 Sender verify failed", true},
    {"550 SENDER VERIFY FAILED", true},
    {"550 sender's address does not exist", true},
    {"550 the sender <a@example.com> could not be verified", true},
    {"550 sender domain [example.com] cannot be found", true},
    {"550 cannot verify the envelope sender", true},
    {"550 your return path is not deliverable", true},
    {"550-Verification failed for <a@example.com>", true},
    {"550 mail from: <a@example.com>: unknown", true},
    /* the recipient's fault, or nobody's */
    {"550 returned to sender: address unknown", false},
    {"550 Return to the sender, unknown", false},
    {"550 sender verified, recipient unknown", false},
    {"550 sender ok; user unknown", false},
    {"550 the sender wrote to an address that does not exist", false},
    {"550 sender found", false},
    {"550 no such user, please ask the sender to verify the address", false},
    {"550 user unknown to the sender's host", false},
    {"550 invalid recipient of sender", false},
    {"550 senderless", false},
    {"550 resender unknown", false},
    {"550 sender <a@example.com", false},
    {"550 sender (unknown", false},
    {"550 an unknown recipient, dear sender", false},
};

static void test_cases(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        if (subject_is_sender(span_of(cases[i].text)) != cases[i].sender) {
            g_test_message("%s", cases[i].text);
            g_test_fail();
        }
    }
}

static void check_each(const char *before, const char *const *words, const char *after)
{
    for (; *words != NULL; words++) {
        g_autofree char *text = g_strconcat(before, *words, after, NULL);
        if (!subject_is_sender(span_of(text))) {
            g_test_message("%s", text);
            g_test_fail();
        }
    }
}

static void test_words(void)
{
    check_each("550 ", subject_senders, " rejected");
    check_each("550 sender ", subject_fillers, " rejected");
    check_each("550 sender ", subject_faults, "");
    check_each("550 sender not ", subject_negated, "");
    check_each("550 ", subject_adjectives, " sender");
    check_each("550 ", subject_phrases, "");
}

/* A long text is looked at in one pass. */
static void test_long(void)
{
    g_autoptr(GString) text = g_string_new(NULL);

    while (text->len < 1 << 20)
        g_string_append(text, "sender (address <is ");
    g_assert_false(subject_is_sender((struct span){text->str, text->len}));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/subject/cases", test_cases);
    g_test_add_func("/parser/subject/words", test_words);
    g_test_add_func("/parser/subject/long", test_long);
    return g_test_run();
}
