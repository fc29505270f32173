#include "parser/text/subject.h"

#include <glib.h>
#include <string.h>

#include "parser/text/foreign_sender.h"

enum { MAX_WORDS = 12, MAX_WORD = 320 };

/* Words that name the sender. NULL-terminated, as all of these. */
static const char *const subject_senders[] = {
    "sender",        "senders",       "sender's",     "return-path",     "return path",
    "envelope-from", "envelope from", "mail from",    "mailfrom",        "from address",
    "originator",    "reverse-path",  "reverse path", "envelope-sender", NULL,
};

/* Words that may stand between them and the fault. */
static const char *const subject_fillers[] = {
    "address", "addresses", "user",    "domain", "email", "e-mail", "mail", "mailbox",
    "name",    "host",      "account", "server", "is",    "was",    "has",  "have",
    "been",    "be",        "could",   "can",    "does",  "did",    NULL,
};

/* Faults. */
static const char *const subject_faults[] = {
    "verify",      "verification", "callout",       "call-out",   "callback",    "call-back",    "rejected",
    "refused",     "denied",       "unknown",       "invalid",    "nonexistent", "non-existent", "unroutable",
    "unrouteable", "unresolvable", "undeliverable", "unverified", "bogus",       "unreachable",  NULL,
};

/* Faults, too, but only with a "not" before them. */
static const char *const subject_negated[] = {
    "verified", "exist", "found", "valid", "resolve", "resolvable", "deliverable", "reachable", "routable", NULL,
};

/* Faults before the sender: "invalid sender", "verify the sender". */
static const char *const subject_adjectives[] = {
    "verify",     "verifying",   "unknown",    "invalid",      "nonexistent",   "non-existent",
    "unroutable", "unrouteable", "unverified", "unresolvable", "undeliverable", "bogus",
    "bad",        "validate",    "callout",    "callback",     "verification",  NULL,
};

/* Words that tell by themselves. */
static const char *const subject_phrases[] = {
    "verification failed for <", /* Exim */
    "callback setup failed",
    "callback verification",
    "callout verification failed",
    "client host rejected", /* Postfix */
    "helo command rejected",
    "my name was rejected", /* qmail */
    NULL,
};

/* "address", "address:" */
static bool ends_word(struct span text, size_t i)
{
    return i >= text.length || !(g_ascii_isalnum(text.at[i]) || strchr("-_'", text.at[i]) != NULL);
}

/* How long the one of `words` is that `text` starts with; 0 when there is none. */
static size_t starting(struct span text, const char *const *words)
{
    for (; *words != NULL; words++) {
        size_t length = strlen(*words);
        if (((text.at[0] ^ (*words)[0]) & ~0x20) == 0 && span_starts(text, *words) && ends_word(text, length))
            return length;
    }
    return 0;
}

/* Octets of no word: blanks, colons, and what stands in brackets, an address for instance. */
static struct span skip_marks(struct span text)
{
    text = span_head(text, MAX_WORD);
    while (text.length > 0 && strchr(" :\"'*,-", text.at[0]) != NULL)
        text = span_skip(text, 1);
    while (text.length > 0 && strchr("<[(", text.at[0]) != NULL) {
        const char closing = text.at[0] == '<' ? '>' : text.at[0] == '[' ? ']' : ')';
        const char *end = span_find_char(text, closing);
        if (end == NULL)
            break;
        text = span_skip(span_from(text, end), 1);
        while (text.length > 0 && strchr(" :", text.at[0]) != NULL)
            text = span_skip(text, 1);
    }
    return text;
}

static size_t negation(struct span text)
{
    static const char *const words[] = {"not",   "cannot", "can't", "doesn't", "couldn't",
                                        "isn't", "wasn't", "never", "no",      NULL};

    return starting(text, words);
}

/* Behind a word for the sender: does what follows say what is wrong? */
static bool is_fault(struct span text)
{
    bool negated = false;

    for (int i = 0; i < MAX_WORDS; i++) {
        size_t length;
        text = skip_marks(text);
        if (text.length == 0)
            return false;
        if (starting(text, subject_faults) > 0 || (negated && starting(text, subject_negated) > 0))
            return true;
        length = negation(text);
        negated = negated || length > 0;
        if (length == 0)
            length = starting(text, subject_fillers);
        if (length == 0)
            return false;
        text = span_skip(text, length);
    }
    return false;
}

/* "unknown sender", "verify the sender", "invalid envelope sender" */
static bool is_sender(struct span text)
{
    static const char *const between[] = {"the",    "your",  "envelope", "smtp", "address", "setup",
                                          "failed", "error", "failure",  "for",  "of",      NULL};

    for (int i = 0; i < MAX_WORDS; i++) {
        size_t length;
        text = skip_marks(text);
        if (text.length == 0)
            return false;
        if (starting(text, subject_senders) > 0)
            return true;
        length = starting(text, between);
        if (length == 0)
            return false;
        text = span_skip(text, length);
    }
    return false;
}

/* "returned to sender: user unknown" is about the recipient. */
static bool is_addressee(struct span before)
{
    return span_ends(before, "to ") || span_ends(before, "to the ");
}

static bool starts_phrase(struct span text)
{
    for (const char *const *phrase = subject_phrases; *phrase != NULL; phrase++) {
        if (span_starts(text, *phrase))
            return true;
    }
    return false;
}

/* `text` starts with a word. */
static bool tells(struct span before, struct span text)
{
    size_t length = starting(text, subject_senders);

    if (length > 0 && !is_addressee(before) && is_fault(span_skip(text, length)))
        return true;
    length = starting(text, subject_adjectives);
    return (length > 0 && is_sender(span_skip(text, length))) ||
           (starts_phrase(text) && !span_ends(before, "recipient "));
}

bool subject_is_sender(struct span text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (g_ascii_isalpha(text.at[i]) && (i == 0 || !g_ascii_isalnum(text.at[i - 1])) &&
            tells(span_head(text, i), span_skip(text, i)))
            return true;
    }
    return foreign_sender_is_blamed(text);
}
