/* The text of rules: what is refused and where; and our own rules: the lint, and hostile texts. */
#include "classifier/language/rules.h"

#include <string.h>

#include "classifier/diagnostic.h"
#include "classifier/language/pattern.h"
#include "classifier/lint.h"

#define RULE(lines) "rule r\nreason blocked\n" lines "example some text\n"

static const struct {
    const char *text;
    const char *complaint; /* NULL: it is accepted */
} syntax[] = {
    {"", NULL},
    {"# nothing\n\n   # but comments\n", NULL},
    {RULE("match some text\n"), NULL},
    {RULE("\tmatch\tsome text  \r\n"), NULL},
    {RULE("status 5.7.1 x.1.x 4.7.20-29\nreply 550 55x 4xx\nhost example.com\ncommand rcpt\ndialect qmail\n"), NULL},
    {"phrases p\nmatch some text\n" RULE("use p\n"), NULL},
    {"code 5.7.999 blocked\ncode 599 blocked with words\n", NULL},
    {RULE("match some text\n") "rule", "a.rules:5: nothing follows \"rule\""},
    {"rule a b\n", "a.rules:1: \"a b\" is no rule id"},
    {"rule r\n", "a.rules:1: rule r lacks a reason"},
    {"rule r\nreason blocked\nexample x\nrule s\n", "a.rules:1: rule r lacks a pattern or a scope"},
    {"rule r\nreason blocked\nmatch some\n", "a.rules:1: rule r lacks an example"},
    {"rule r\nreason sad\n", "a.rules:2: unknown reason \"sad\""},
    {"rule r\nreason delivered\n", "a.rules:2: unknown reason \"delivered\""},
    {"rule r\nreasons blocked\n", "a.rules:2: unknown keyword \"reasons\""},
    {"match some text\n", "a.rules:1: \"match\" stands outside a rule"},
    {"host example.com\n", "a.rules:1: \"host\" stands outside a rule"},
    {"phrases p\nexample x\n", "a.rules:2: \"example\" stands outside a rule"},
    {"phrases p\nphrases p\n", "a.rules:2: there are phrases p already"},
    {RULE("use q\n"), "a.rules:3: no phrases q"},
    {RULE("status 5.1\n"), "a.rules:3: \"5.1\" is no status"},
    {RULE("status 5.1.9-1\n"), "a.rules:3: \"5.1.9-1\" is no status"},
    {RULE("status 5.1.1 five\n"), "a.rules:3: \"five\" is no status"},
    {RULE("reply 55\n"), "a.rules:3: \"55\" is no reply"},
    {RULE("reply x50\n"), "a.rules:3: \"x50\" is no reply"},
    {RULE("host *.example.com\n"), "a.rules:3: \"*.example.com\" is no host"},
    {RULE("command RCPT-TO\n"), "a.rules:3: \"RCPT-TO\" is no command"},
    {RULE("match (?:a+)+\n"), "a.rules:3: column 7 of the pattern: a quantifier on a group"},
    {RULE("match .*\n"), "a.rules:3: no literal of 3"},
    {"code 5.7.999\n", "a.rules:1: a code is followed by a reason"},
    {"code five blocked\n", "a.rules:1: \"five\" is no enhanced code or reply"},
    {RULE("match some text\n") RULE("match some text\n"), "a.rules:5: the id r is taken by a.rules:1"},
    {"code x.1.1 blocked\n", "90-status.rules"},
    {RULE("match some text\nexample \xff\n"), "a.rules:4: this example is not UTF-8"},
};

static void test_syntax(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(syntax); i++) {
        const struct classifier_source source = {"a.rules", syntax[i].text, strlen(syntax[i].text)};
        g_autoptr(GError) error = NULL;
        g_autoptr(Classifier) classifier = classifier_new(&source, 1, &error);

        if (!classifier != (syntax[i].complaint != NULL) ||
            (error && !g_str_has_prefix(error->message, syntax[i].complaint)))
            g_error("row %zu: %s", i, error ? error->message : "accepted");
    }
}

/* The lint has something to say of these. */
static const struct {
    const char *text;
    const char *finding;
} lints[] = {
    {RULE("match other text\n"), "a.rules:1: rule r: its example is decided by no-rule: some text"},
    {RULE("match some text\n") "rule s\nreason blocked\nmatch some text too\nexample some text too\n",
     "a.rules:5: rule s: its example is decided by r: some text too"},
    {"rule r\nreason blocked\nmatch abcd|efgh\nexample abcd\n"
     "rule s\nreason blocked\nmatch zabcdz\nmatch other\nexample other\n",
     "a.rules:5: rule s: its pattern \"zabcdz\" never decides, r comes before"},
    {"code 5.7.xx blocked\n", "a.rules:1: \"5.7.xx\" is no enhanced code"},
    {"code 5.7.999 blocked\ncode 5.7.990-999 expired\n", NULL},
};

static void test_lint(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(lints); i++) {
        const struct classifier_source source = {"a.rules", lints[i].text, strlen(lints[i].text)};
        g_autoptr(GPtrArray) findings = lint_rules(&source, 1);
        const char *first = findings->len > 0 ? findings->pdata[0] : NULL;

        if (!first != !lints[i].finding || (first && !g_str_has_prefix(first, lints[i].finding)))
            g_error("row %zu: %s", i, first ? first : "no finding");
    }
}

/* Our own: each example is decided by its own rule, and no pattern stands in another's shadow. */
static void test_builtin(void)
{
    g_autoptr(GPtrArray) findings = lint_rules(NULL, 0);

    for (guint i = 0; i < findings->len; i++)
        g_test_message("%s", (const char *)findings->pdata[i]);
    g_assert_cmpuint(findings->len, ==, 0);
}

static void repeat(GString *text, const char *part, size_t length)
{
    g_string_truncate(text, 0);
    while (length > 0 && text->len + length <= DIAGNOSTIC_MAX_BYTES)
        g_string_append_len(text, part, (gssize)length);
}

/* Texts that keep a pattern busy: what nearly matches, again and again. */
static unsigned count_limits(const struct pattern *pattern, GString *text)
{
    unsigned limits = 0;

    for (unsigned variant = 0; variant < 4; variant++) {
        g_autofree char *sample = pattern_sample(pattern, variant);
        const char *literal = pattern_literals(pattern); /* the first */
        size_t length = strlen(sample);

        for (size_t quarter = 1; quarter <= 3; quarter++) {
            const char *end = g_utf8_find_prev_char(sample, sample + length * quarter / 4 + 1);
            repeat(text, sample, end ? (size_t)(end - sample) : 0);
            limits += pattern_match(pattern, text->str, text->len, NULL) == PATTERN_RESULT_LIMIT;
            g_string_append(text, literal);
            limits += pattern_match(pattern, text->str, text->len, NULL) == PATTERN_RESULT_LIMIT;
        }
        repeat(text, literal, strlen(literal));
        limits += pattern_match(pattern, text->str, text->len, NULL) == PATTERN_RESULT_LIMIT;
    }
    return limits;
}

/* The check of a file tells all that is wrong in it, and nothing that only follows from it. */
static void test_all_faults(void)
{
    static const char text[] = "rule a\n" /* lacks an example */
                               "reason blocked\n"
                               "match some text\n"
                               "rule b\n"
                               "reason sad\n" /* its only fault is this one */
                               "match other text\n"
                               "rule c c\n" /* what is in it is passed over */
                               "reason blocked\n"
                               "status 5.1.1\n"
                               "phrases p\n"
                               "match (((\n"
                               "nonsense here\n"
                               "code x\n"
                               "rule d\n"; /* lacks a reason, at the end */
    static const char *const lines[] = {
        "a.rules:1: rule a lacks an example",       "a.rules:5: unknown reason \"sad\"",
        "a.rules:7: \"c c\" is no rule id",         "a.rules:11: ",
        "a.rules:12: unknown keyword \"nonsense\"", "a.rules:13: a code is followed by a reason",
        "a.rules:14: rule d lacks a reason"};
    const struct classifier_source source = {"a.rules", text, strlen(text)};
    g_autoptr(GPtrArray) findings = lint_rules(&source, 1);

    for (guint i = 0; i < MIN(findings->len, G_N_ELEMENTS(lines)); i++) {
        if (!g_str_has_prefix(findings->pdata[i], lines[i]))
            g_error("finding %u: %s, expected %s", i, (const char *)findings->pdata[i], lines[i]);
    }
    g_assert_cmpuint(findings->len, ==, G_N_ELEMENTS(lines));
}

static void test_worst_case(void)
{
    size_t n = 0;
    g_autofree struct classifier_source *sources = rules_builtin(&n);
    g_autoptr(GPtrArray) rules = rules_new();
    g_autoptr(GString) text = g_string_new(NULL);
    unsigned patterns = 0;

    for (size_t i = 0; i < n; i++)
        g_assert_true(rules_parse(&sources[i], rules, NULL));
    for (guint i = 0; i < rules->len; i++) {
        const struct rule *rule = rules->pdata[i];
        for (guint k = 0; k < rule->patterns->len; k++, patterns++) {
            unsigned limits = count_limits(rule->patterns->pdata[k], text);
            if (limits > 0)
                g_error("%s: %s gave up %u times", rule->source, pattern_source(rule->patterns->pdata[k]), limits);
        }
    }
    g_test_message("%u rules, %u patterns", rules->len, patterns);
    g_assert_cmpuint(patterns, >, 500);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rules/syntax", test_syntax);
    g_test_add_func("/rules/lint", test_lint);
    g_test_add_func("/rules/all-faults", test_all_faults);
    g_test_add_func("/rules/builtin", test_builtin);
    g_test_add_func("/rules/worst-case", test_worst_case);
    return g_test_run();
}
