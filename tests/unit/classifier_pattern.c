/* The pattern language: what it matches, what it refuses, which literals it shows. */
#include "classifier/language/pattern.h"

#include <string.h>

static const struct {
    const char *pattern;
    const char *text;
    bool matches;
} matches[] = {
    {"user unknown", "550 user unknown", true},
    {"User Unknown", "550 user unknown", true},
    {"user unknown", "550 unknown user", false},
    {"mailbox.{0,10}full", "mailbox is full", true},
    {"mailbox.{0,10}full", "mailbox is most certainly full", false},
    {"full.*mailbox", "full 012345678901234567890123456789012345678901234567890123456789 mailbox", true},
    {"(?:mailbox|account) full", "account full", true},
    {"colou?red", "colored", true},
    {"\\[ts0[12]\\]", "421 [ts02] no", true},
    {"\\[ts0[12]\\]", "421 [ts03] no", false},
    {"\\bspam\\b", "antispam", false},
    {"^blocked", "is blocked", false},
    {"blocked$", "is blocked", true},
    {"not found(?!, try)", "host not found, try again", false},
    {"переполнен", "ящик переполнен", true},
    {"gro[ßs] genug", "groß genug", true},
    {"it's", "it's", true},
    {"\\d{3}-code", "550-code", true},
    {"a\\.b c", "a.b c", true},
    {"a\\.b c", "axb c", false},
};

static void test_matches(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(matches); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Pattern) pattern = pattern_new(matches[i].pattern, &error);

        if (!pattern)
            g_error("row %zu, %s: %s", i, matches[i].pattern, error->message);
        enum pattern_result result = pattern_match(pattern, matches[i].text, strlen(matches[i].text), NULL);
        if ((result == PATTERN_RESULT_MATCH) != matches[i].matches)
            g_error("row %zu, %s on \"%s\": %d", i, matches[i].pattern, matches[i].text, (int)result);
    }
}

static const struct {
    const char *pattern;
    const char *complaint;
} refused[] = {
    {"(abc)\\1", "back-references"},
    {"(?:abc+)+", "quantifier on a group that holds one"},
    {"(?:a{1,3}bc){2}", "quantifier on a group that holds one"},
    {"(?:abc(?:d|e?))*f", "quantifier on a group that holds one"},
    {"abc+?", "nothing stands before this quantifier"},
    {"*abc", "nothing stands before this quantifier"},
    {"abc.*def.*ghi.*jkl", "too many ways"},
    {"abc{3,2}", "not a quantifier"},
    {"abc{1,900}", "not a quantifier"},
    {"abc{x}", "not a quantifier"},
    {"(abc", "does not end"},
    {"abc)", "opens nowhere"},
    {"[abc", "does not end"},
    {"[]abc", "empty"},
    {"[[:alpha:]]abc", "not understood in a set"},
    {"(?<name>abc)", "not part of the language"},
    {"(?R)abc", "not part of the language"},
    {"(?>abc)", "not part of the language"},
    {"abc\\Cdef", "unknown escape"},
    {"abc\\", "unknown escape"},
    {"^*abc", "no length"},
    {"(((((((((abc)))))))))", "nested too deep"},
    {".*", "no literal"},
    {"ab", "no literal"},
    {"(?:abc|x)", "no literal"},
    {"abc|\\d+", "no literal"},
    {"a?b?c?", "no literal"},
    {"(?=abc)", "no literal"},
    {"", "no literal"},
    {"\xff\xfe", "not UTF-8"},
    {"some\btext", "control character"},
    {"[z-a]bcd", "range out of order"},
    {"(?<=a+)bcd", "not fixed length"},
};

static void test_refused(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Pattern) pattern = pattern_new(refused[i].pattern, &error);

        if (pattern || !strstr(error->message, refused[i].complaint))
            g_error("row %zu, %s: %s", i, refused[i].pattern, error ? error->message : "accepted");
    }
}

static const struct {
    const char *pattern;
    const char *literals; /* with | between them */
    bool plain;
} literals[] = {
    {"user unknown", "user unknown", true},
    {"User\\.Unknown", "user.unknown", true},
    {"mailbox.*overfull", "overfull", false},
    {"(?:mailbox|account) is full", " is full", false},
    {"(?:mailbox|account)!", "mailbox|account", false},
    {"abc|defgh", "abc|defgh", false},
    {"colou?red", "colo", false},
    {"xabc{2}y", "xabccy", true},
    {"xabc{2,}y", "xabcc", false},
    {"(?!nothing)some", "some", false},
};

static char *joined_literals(const struct pattern *pattern)
{
    GString *joined = g_string_new(NULL);

    for (const char *literal = pattern_literals(pattern); *literal; literal += strlen(literal) + 1)
        g_string_append_printf(joined, "%s%s", joined->len > 0 ? "|" : "", literal);
    return g_string_free(joined, FALSE);
}

static void test_literals(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(literals); i++) {
        g_autoptr(Pattern) pattern = pattern_new(literals[i].pattern, NULL);
        g_assert_nonnull(pattern);
        g_autofree char *joined = joined_literals(pattern);

        if (strcmp(joined, literals[i].literals) != 0 || pattern_is_literal(pattern) != literals[i].plain)
            g_error("row %zu, %s: %s", i, literals[i].pattern, joined);
    }
}

/* A sample matches its own pattern, whichever alternatives it takes. */
static void test_samples(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(literals); i++) {
        g_autoptr(Pattern) pattern = pattern_new(literals[i].pattern, NULL);

        for (unsigned variant = 0; variant < 4; variant++) {
            g_autofree char *sample = pattern_sample(pattern, variant);
            if (pattern_match(pattern, sample, strlen(sample), NULL) != PATTERN_RESULT_MATCH)
                g_error("row %zu, %s: its sample \"%s\" does not match", i, literals[i].pattern, sample);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pattern/matches", test_matches);
    g_test_add_func("/pattern/refused", test_refused);
    g_test_add_func("/pattern/literals", test_literals);
    g_test_add_func("/pattern/samples", test_samples);
    return g_test_run();
}
