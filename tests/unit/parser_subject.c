/* The subject of a reply: every word of the tables tells, and what only looks like it does not. */
#include "parser/text/subject.h"

#include <glib.h>

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct {
    const char *text;
    bool sender;
} cases[] = {
    {"", false},
    {"sender", false},
    {"550 5.1.1 user unknown", false},
    {"550 5.1.7 <a@example.com>: Sender address rejected: undeliverable address", true},
    {"550 Sender verify failed", true},
    {"550 Recipient callout verification failed", false},
    {"550 Absender existiert nicht: Benutzer unbekannt", true},
    {"550 SENDER VERIFY FAILED", true},
    {"550 sender's address does not exist", true},
    {"550 the sender <a@example.com> could not be verified", true},
    {"550 sender domain [example.com] cannot be found", true},
    {"550 cannot verify the envelope sender", true},
    {"550 your return path is not deliverable", true},
    {"550 envelope-sender rejected", true},
    {"550 unknown envelope-sender", true},
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

/* Every word of the tables, with what stands before and behind it. */
static const struct {
    const char *before;
    const char *after;
    const char *const *words;
} words[] = {
    {"550 ", " rejected",
     LIST("sender", "senders", "sender's", "return-path", "return path", "envelope-from", "envelope from", "mail from",
          "mailfrom", "from address", "originator", "reverse-path", "reverse path")},
    {"550 sender ", " rejected",
     LIST("address", "addresses", "user", "domain", "email", "e-mail", "mail", "mailbox", "name", "host", "account",
          "server", "is", "was", "has", "have", "been", "be", "could", "can", "does", "did")},
    {"550 sender ", "",
     LIST("verify", "verification", "callout", "call-out", "callback", "call-back", "rejected", "refused", "denied",
          "unknown", "invalid", "nonexistent", "non-existent", "unroutable", "unrouteable", "unresolvable",
          "undeliverable", "unverified", "bogus", "unreachable")},
    {"550 sender not ", "",
     LIST("verified", "exist", "found", "valid", "resolve", "resolvable", "deliverable", "reachable", "routable")},
    {"550 sender ", " exist", LIST("not", "cannot", "can't", "doesn't", "couldn't", "isn't", "wasn't", "never", "no")},
    {"550 ", " sender",
     LIST("verify", "verifying", "unknown", "invalid", "nonexistent", "non-existent", "unroutable", "unrouteable",
          "unverified", "unresolvable", "undeliverable", "bogus", "bad", "validate", "callout", "callback",
          "verification")},
    {"550 unknown ", " sender",
     LIST("the", "your", "envelope", "smtp", "address", "setup", "failed", "error", "failure", "for", "of")},
    {"550 ", "",
     LIST("verification failed for <", "callback setup failed", "callback verification", "callout verification failed",
          "client host rejected", "helo command rejected", "my name was rejected")},
};

static void test_words(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        for (const char *const *word = words[i].words; *word != NULL; word++) {
            g_autofree char *text = g_strconcat(words[i].before, *word, words[i].after, NULL);
            if (!subject_is_sender(span_of(text))) {
                g_test_message("%s", text);
                g_test_fail();
            }
        }
    }
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
