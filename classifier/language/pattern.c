#include "classifier/language/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "classifier/language/pattern_tree.h"

/* The net below the language's own bounds; a test sees that no rule of ours comes near it. */
#define MATCH_LIMIT 2000000
#define DEPTH_LIMIT 1000

struct pattern {
    char *source;
    struct pattern_node *tree;
    GPtrArray *literals;   /* NULL-terminated */
    GPtrArray *companions; /* NULL-terminated, or NULL */
    pcre2_code *code;      /* NULL for a plain literal: the automaton has found all that there is to find */
    pcre2_match_context *limits;
};

static bool is_plain(const struct pattern_node *root)
{
    const GPtrArray *sequence = root->alternatives->pdata[0];

    if (root->alternatives->len > 1)
        return false;
    for (guint i = 0; i < sequence->len; i++) {
        const struct pattern_node *node = sequence->pdata[i];
        if (node->kind != PATTERN_NODE_CHAR || node->min != node->max)
            return false;
    }
    return true;
}

static bool compile(struct pattern *pattern, GError **error)
{
    g_autofree char *expression = pattern_tree_expression(pattern->tree);
    int code = 0;
    PCRE2_SIZE offset = 0;

    pattern->code = pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED,
                                  PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_NO_AUTO_CAPTURE | PCRE2_DOTALL |
                                      PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C,
                                  &code, &offset, NULL);
    if (!pattern->code) {
        PCRE2_UCHAR message[128] = "";
        (void)pcre2_get_error_message(code, message, sizeof(message)); /* an unknown code leaves it empty */
        g_set_error(error, pattern_error_quark(), 0, "%s", (const char *)message);
        return false;
    }
    /* where there is no JIT for this processor, the interpreter gives the same answers */
    (void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
    pattern->limits = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(pattern->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(pattern->limits, DEPTH_LIMIT);
    return true;
}

struct pattern *pattern_new(const char *source, GError **error)
{
    g_autoptr(Pattern) pattern = g_rc_box_new0(struct pattern);

    pattern->source = g_strdup(source);
    pattern->tree = pattern_tree_parse(source, error);
    if (!pattern->tree)
        return NULL;
    if (pattern_tree_ways(pattern->tree) > PATTERN_MAX_WAYS) {
        g_set_error(error, pattern_error_quark(), 0,
                    "too many ways to match (more than %d): use fewer or narrower quantifiers", PATTERN_MAX_WAYS);
        return NULL;
    }
    pattern->literals = pattern_tree_literals(pattern->tree, PATTERN_MIN_LITERAL);
    if (!pattern->literals) {
        g_set_error(error, pattern_error_quark(), 0, "no literal of %d or more bytes is in every match",
                    PATTERN_MIN_LITERAL);
        return NULL;
    }
    g_ptr_array_add(pattern->literals, NULL);
    pattern->companions = pattern_tree_companions(pattern->tree, PATTERN_MIN_LITERAL);
    if (pattern->companions)
        g_ptr_array_add(pattern->companions, NULL);
    if (!is_plain(pattern->tree) && !compile(pattern, error))
        return NULL;
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
    pattern_tree_free(pattern->tree);
    if (pattern->literals)
        g_ptr_array_unref(pattern->literals);
    if (pattern->companions)
        g_ptr_array_unref(pattern->companions);
    pcre2_code_free(pattern->code);
    pcre2_match_context_free(pattern->limits);
}

void pattern_free(struct pattern *pattern)
{
    if (pattern)
        g_rc_box_release_full(pattern, clear);
}

const char *pattern_source(const struct pattern *pattern)
{
    return pattern->source;
}

const char *const *pattern_literals(const struct pattern *pattern)
{
    return (const char *const *)pattern->literals->pdata;
}

const char *const *pattern_companions(const struct pattern *pattern)
{
    return pattern->companions ? (const char *const *)pattern->companions->pdata : NULL;
}

bool pattern_is_literal(const struct pattern *pattern)
{
    return !pattern->code;
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

enum pattern_result pattern_match(const struct pattern *pattern, const char *text, gsize length,
                                  struct pattern_scratch *scratch)
{
    if (!pattern->code)
        return strstr(text, pattern_literals(pattern)[0]) ? PATTERN_MATCH : PATTERN_NO_MATCH;

    g_autoptr(PatternScratch) own = scratch ? NULL : pattern_scratch_new();
    pcre2_match_data *data = (pcre2_match_data *)(scratch ? scratch : own);
    int rc = pcre2_match(pattern->code, (PCRE2_SPTR)text, length, 0, PCRE2_NO_UTF_CHECK, data, pattern->limits);
    if (rc >= 0)
        return PATTERN_MATCH;
    return rc == PCRE2_ERROR_NOMATCH ? PATTERN_NO_MATCH : PATTERN_LIMIT;
}

char *pattern_sample(const struct pattern *pattern, unsigned variant)
{
    return pattern_tree_sample(pattern->tree, variant);
}
