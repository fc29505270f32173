#include "classifier/language/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/language/known_pattern.h"
#include "classifier/language/pattern_facts.h"

/* The net below the language's own bounds; a test sees that no rule of ours comes near it. */
enum {
    MATCH_LIMIT = 2000000,
    DEPTH_LIMIT = 1000,
};

/* A pattern as PCRE2 compiled it, once. */
struct expression {
    size_t made;      /* g_once_init_enter()'s */
    pcre2_code *code; /* NULL: PCRE2 refuses it */
    pcre2_match_context *limits;
    GError *error;
};

struct pattern {
    char *source;
    const char *literals;          /* as the header has them */
    const char *companions;        /* or NULL */
    char *own;                     /* holds them both, unless the build has found them (known_pattern.h) */
    struct expression *expression; /* NULL for a plain literal: the automaton has found all that there is to find */
};

static bool is_plain(const struct pattern_node *root)
{
    const GPtrArray *sequence = root->alternatives->pdata[0];

    if (root->alternatives->len > 1)
        return false;
    for (guint i = 0; i < sequence->len; i++) {
        const struct pattern_node *node = sequence->pdata[i];
        if (node->kind != PATTERN_NODE_TEXT && (node->kind != PATTERN_NODE_CHAR || node->min != node->max))
            return false;
    }
    return true;
}

/* The tree is read once more: few patterns come here, so none keeps its own. */
static void compile(const char *source, struct expression *expression)
{
    g_autoptr(PatternNode) tree = pattern_tree_parse(source, NULL);
    g_autofree char *text = pattern_facts_expression(tree);
    int code = 0;
    PCRE2_SIZE offset = 0;

    expression->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                                     PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_NO_AUTO_CAPTURE | PCRE2_DOTALL |
                                         PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C,
                                     &code, &offset, NULL);
    if (expression->code == NULL) {
        PCRE2_UCHAR message[128] = "";
        (void)pcre2_get_error_message(code, message, sizeof(message)); /* an unknown code leaves it empty */
        g_set_error(&expression->error, pattern_error_quark(), 0, "%s", (const char *)message);
        return;
    }
    /* where there is no JIT for this processor, the interpreter gives the same answers */
    (void)pcre2_jit_compile(expression->code, PCRE2_JIT_COMPLETE);
    expression->limits = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(expression->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(expression->limits, DEPTH_LIMIT);
}

/* The first thread that asks compiles, the others wait for it. */
static const struct expression *compiled(const struct pattern *pattern)
{
    struct expression *expression = pattern->expression;

    if (g_once_init_enter(&expression->made)) {
        compile(pattern->source, expression);
        g_once_init_leave(&expression->made, 1);
    }
    return expression;
}

bool pattern_compile(const struct pattern *pattern, GError **error)
{
    const struct expression *expression = pattern->expression != NULL ? compiled(pattern) : NULL;

    if (expression != NULL && error != NULL)
        *error = expression->error != NULL ? g_error_copy(expression->error) : NULL;
    return expression == NULL || expression->code != NULL;
}

static void pack(const GPtrArray *literals, GString *packed)
{
    for (guint i = 0; i < literals->len; i++)
        g_string_append_len(packed, literals->pdata[i], (gssize)strlen(literals->pdata[i]) + 1);
    g_string_append_c(packed, '\0');
}

static void keep(struct pattern *pattern, const GPtrArray *literals, const GPtrArray *companions)
{
    GString *packed = g_string_new(NULL);

    pack(literals, packed);
    size_t length = packed->len;
    if (companions != NULL)
        pack(companions, packed);
    pattern->own = g_string_free(packed, FALSE);
    pattern->literals = pattern->own;
    pattern->companions = companions != NULL ? pattern->own + length : NULL;
}

static bool analyse(struct pattern *pattern, GError **error)
{
    g_autoptr(PatternNode) tree = pattern_tree_parse(pattern->source, error);

    if (tree == NULL)
        return false;
    if (pattern_facts_ways(tree) > PATTERN_MAX_WAYS) {
        g_set_error(error, pattern_error_quark(), 0,
                    "too many ways to match (more than %d): use fewer or narrower quantifiers", PATTERN_MAX_WAYS);
        return false;
    }
    g_autoptr(GPtrArray) companions = NULL;
    g_autoptr(GPtrArray) literals = pattern_facts_literals(tree, PATTERN_MIN_LITERAL, &companions);
    if (literals == NULL) {
        g_set_error(error, pattern_error_quark(), 0, "no literal of %d or more bytes is in every match",
                    PATTERN_MIN_LITERAL);
        return false;
    }
    keep(pattern, literals, companions);
    if (!is_plain(tree))
        pattern->expression = g_new0(struct expression, 1);
    return pattern_compile(pattern, error);
}

static int compare_source(const void *source, const void *known)
{
    return strcmp(source, known_pattern_texts + ((const struct known_pattern *)known)->source);
}

struct pattern *pattern_new(const char *source, GError **error)
{
    g_autoptr(Pattern) pattern = g_rc_box_new0(struct pattern);
    const struct known_pattern *known =
        bsearch(source, known_patterns, known_pattern_count, sizeof(*known), compare_source);

    pattern->source = g_strdup(source);
    if (known == NULL)
        return analyse(pattern, error) ? g_steal_pointer(&pattern) : NULL;
    pattern->literals = known_pattern_texts + known->literals;
    pattern->companions = known->companions > 0 ? known_pattern_texts + known->companions : NULL;
    if (!known->plain)
        pattern->expression = g_new0(struct expression, 1);
    return g_steal_pointer(&pattern);
}

struct pattern *pattern_ref(struct pattern *pattern)
{
    return g_rc_box_acquire(pattern);
}

static void clear(gpointer data)
{
    struct pattern *pattern = data;

    g_free(pattern->source);
    g_free(pattern->own);
    if (pattern->expression != NULL) {
        pcre2_code_free(pattern->expression->code);
        pcre2_match_context_free(pattern->expression->limits);
        g_clear_error(&pattern->expression->error);
    }
    g_free(pattern->expression);
}

void pattern_free(struct pattern *pattern)
{
    if (pattern != NULL)
        g_rc_box_release_full(pattern, clear);
}

const char *pattern_source(const struct pattern *pattern)
{
    return pattern->source;
}

const char *pattern_literals(const struct pattern *pattern)
{
    return pattern->literals;
}

const char *pattern_companions(const struct pattern *pattern)
{
    return pattern->companions;
}

bool pattern_is_literal(const struct pattern *pattern)
{
    return pattern->expression == NULL;
}

/* PCRE2's own, under our name. */
struct pattern_scratch *pattern_scratch_new(void)
{
    return (struct pattern_scratch *)pcre2_match_data_create(1, NULL);
}

void pattern_scratch_free(struct pattern_scratch *scratch)
{
    pcre2_match_data_free((pcre2_match_data *)scratch);
}

enum pattern_result pattern_match(const struct pattern *pattern, const char *text, size_t length,
                                  struct pattern_scratch *scratch)
{
    if (pattern->expression == NULL)
        return strstr(text, pattern_literals(pattern)) != NULL ? PATTERN_RESULT_MATCH : PATTERN_RESULT_NO_MATCH;

    const struct expression *expression = compiled(pattern);
    if (expression->code == NULL)
        return PATTERN_RESULT_NO_MATCH;
    g_autoptr(PatternScratch) own = scratch != NULL ? NULL : pattern_scratch_new();
    pcre2_match_data *data = (pcre2_match_data *)(scratch != NULL ? scratch : own);
    int rc = pcre2_match(expression->code, (PCRE2_SPTR)text, length, 0, PCRE2_NO_UTF_CHECK, data, expression->limits);
    if (rc >= 0)
        return PATTERN_RESULT_MATCH;
    return rc == PCRE2_ERROR_NOMATCH ? PATTERN_RESULT_NO_MATCH : PATTERN_RESULT_LIMIT;
}

char *pattern_sample(const struct pattern *pattern, unsigned variant)
{
    g_autoptr(PatternNode) tree = pattern_tree_parse(pattern->source, NULL);

    return pattern_facts_sample(tree, variant);
}
