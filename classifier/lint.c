#include "classifier/lint.h"

#include <string.h>

#include "classifier/diagnostic.h"
#include "classifier/language/pattern.h"
#include "classifier/language/rules.h"

/* A pattern's alternatives are tried as texts, up to so many. */
enum { MAX_VARIANTS = 12 };

/* For a code's x: a number that neither the registry nor a rule knows. */
enum { UNUSED_CODE = 777 };

static void G_GNUC_PRINTF(3, 4) note(GPtrArray *findings, const struct rule *rule, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(findings, g_strdup_printf("%s: rule %s: %s", rule->source, rule->id, what));
}

static const char *winner(const struct classifier *classifier, const struct rule *rule, const char *text)
{
    struct report report;
    struct report_recipient recipient;
    struct verdict verdict;

    rule_example_report(rule, text, &report, &recipient);
    classifier_judge(classifier, &report, &recipient, &verdict);
    return verdict.rule;
}

static void check_examples(const struct classifier *classifier, const struct rule *rule, GPtrArray *findings)
{
    for (guint i = 0; i < rule->examples->len; i++) {
        const char *example = rule->examples->pdata[i];
        const char *other = winner(classifier, rule, example);
        if (strcmp(other, rule->id) != 0)
            note(findings, rule, "its example is decided by %s: %s", other, example);
    }
}

/* The codes that the scope asks for, as they would stand before a text. */
static char *codes_of(const struct rule *rule)
{
    GString *codes = g_string_new(NULL);

    if (rule->scope.replies->len > 0)
        g_string_append_printf(codes, "%u ", g_array_index(rule->scope.replies, struct scope_reply, 0).from);
    if (rule->scope.statuses->len > 0) {
        const struct scope_status *status = &g_array_index(rule->scope.statuses, struct scope_status, 0);
        g_string_append_printf(codes, "%u.%u.%u ", status->class == SCOPE_ANY ? 5 : status->class,
                               status->subject == SCOPE_ANY ? UNUSED_CODE : status->subject,
                               status->from == SCOPE_ANY ? UNUSED_CODE : status->from);
    }
    return g_string_free(codes, FALSE);
}

static void check_pattern(const struct classifier *classifier, const struct rule *rule, const struct pattern *pattern,
                          GPtrArray *findings)
{
    g_autofree char *codes = codes_of(rule);
    const char *other = NULL;

    for (unsigned variant = 0; variant < MAX_VARIANTS; variant++) {
        g_autofree char *sample = pattern_sample(pattern, variant);
        g_autofree char *raw = g_strconcat(codes, sample, NULL);
        size_t length = 0;
        g_autofree char *text = diagnostic_normalise(raw, &length);
        if (pattern_match(pattern, text, length, NULL) != PATTERN_RESULT_MATCH)
            continue;
        other = winner(classifier, rule, text);
        if (strcmp(other, rule->id) == 0)
            return;
    }
    if (other != NULL)
        note(findings, rule, "its pattern \"%s\" never decides, %s comes before", pattern_source(pattern), other);
}

static void check_rule(const struct classifier *classifier, const struct rule *rule, GPtrArray *findings)
{
    check_examples(classifier, rule, findings);
    for (guint i = 0; i < rule->patterns->len; i++)
        check_pattern(classifier, rule, rule->patterns->pdata[i], findings);
    if (rule->patterns->len == 0 && rule->examples->len == 0) {
        g_autofree char *codes = codes_of(rule);
        const char *other = winner(classifier, rule, codes);
        if (strcmp(other, rule->id) != 0)
            note(findings, rule, "it never decides, %s comes before", other);
    }
}

GPtrArray *lint_rules(const struct classifier_source *sources, size_t n_sources)
{
    GPtrArray *findings = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) rules = rules_new();
    size_t n_builtin = 0;
    g_autofree struct classifier_source *builtin = rules_builtin(&n_builtin);
    const struct classifier_source *looked_at = n_sources > 0 ? sources : builtin;

    for (size_t i = 0; i < (n_sources > 0 ? n_sources : n_builtin); i++)
        rules_find_faults(&looked_at[i], rules, findings);
    if (findings->len > 0)
        return findings;

    g_autoptr(GError) error = NULL;
    g_autoptr(Classifier) classifier = classifier_new(sources, n_sources, &error);
    if (classifier == NULL || !classifier_compile(classifier, &error)) {
        g_ptr_array_add(findings, g_strdup(error->message));
        return findings;
    }
    for (guint i = 0; i < rules->len; i++)
        check_rule(classifier, rules->pdata[i], findings);
    return findings;
}
