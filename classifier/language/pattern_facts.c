#include "classifier/language/pattern_facts.h"

#include <string.h>

static void write_text(const char *text, GString *out)
{
    for (const char *c = text; *c; c++) {
        if (g_ascii_ispunct(*c))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *c);
    }
}

static void write_node(const struct pattern_node *node, GString *out)
{
    switch (node->kind) {
    case PATTERN_NODE_TEXT:
        write_text(node->source, out);
        break;
    case PATTERN_NODE_CHAR:
        if (node->c < 0x80 && g_ascii_ispunct((char)node->c))
            g_string_append_c(out, '\\');
        g_string_append_unichar(out, node->c);
        break;
    case PATTERN_NODE_SET:
    case PATTERN_NODE_ASSERTION:
        g_string_append(out, node->source);
        break;
    case PATTERN_NODE_GROUP:
    case PATTERN_NODE_LOOKAROUND:
        g_string_append(out, node->source);
        for (guint i = 0; i < node->alternatives->len; i++) {
            const GPtrArray *sequence = node->alternatives->pdata[i];
            if (i > 0)
                g_string_append_c(out, '|');
            for (guint k = 0; k < sequence->len; k++)
                write_node(sequence->pdata[k], out);
        }
        g_string_append_c(out, ')');
        break;
    }
    if (node->min != 1 || node->max != 1)
        g_string_append_printf(out, "{%u,%u}", node->min, node->max);
}

char *pattern_facts_expression(const struct pattern_node *root)
{
    GString *out = g_string_new(NULL);

    write_node(root, out);
    return g_string_free(out, FALSE);
}

/* Whether a repeated `node` must stop where `next` begins: then it matches in one way only, as \d+ before a colon. */
static bool stops_at(const struct pattern_node *node, const struct pattern_node *next)
{
    if ((next->kind != PATTERN_NODE_CHAR && next->kind != PATTERN_NODE_TEXT) || next->min == 0 || next->c >= 0x80)
        return false;
    char c = (char)next->c;
    if (node->kind == PATTERN_NODE_CHAR)
        return node->c != next->c;
    if (node->kind != PATTERN_NODE_SET)
        return false;
    if (strcmp(node->source, "\\d") == 0)
        return !g_ascii_isdigit(c);
    if (strcmp(node->source, "\\w") == 0)
        return !g_ascii_isalnum(c) && c != '_';
    return strcmp(node->source, "\\S") == 0 && c == ' ';
}

static double sequence_ways(const GPtrArray *sequence)
{
    double ways = 1;

    for (guint i = 0; i < sequence->len; i++) {
        const struct pattern_node *node = sequence->pdata[i];
        if (i + 1 == sequence->len || !stops_at(node, sequence->pdata[i + 1]))
            ways *= pattern_facts_ways(node);
    }
    return ways;
}

static void append_once(const struct pattern_node *node, GString *out)
{
    if (node->kind == PATTERN_NODE_TEXT)
        g_string_append(out, node->source);
    else
        g_string_append_unichar(out, node->c);
}

/* The characters that a sequence must begin with. */
static char *leading_literal(const GPtrArray *sequence)
{
    GString *lead = g_string_new(NULL);

    for (guint i = 0; i < sequence->len; i++) {
        const struct pattern_node *node = sequence->pdata[i];
        if ((node->kind != PATTERN_NODE_CHAR && node->kind != PATTERN_NODE_TEXT) || node->min != 1 || node->max != 1)
            break;
        append_once(node, lead);
    }
    return g_string_free(lead, FALSE);
}

/* Alternatives can match at one place only when the beginning of one is the beginning of the other. */
static double group_ways(const GPtrArray *alternatives)
{
    if (alternatives->len == 1)
        return sequence_ways(alternatives->pdata[0]);
    g_autoptr(GPtrArray) leads = g_ptr_array_new_with_free_func(g_free);
    double most = 0;

    for (guint i = 0; i < alternatives->len; i++)
        g_ptr_array_add(leads, leading_literal(alternatives->pdata[i]));
    for (guint i = 0; i < alternatives->len; i++) {
        double together = 0;
        for (guint k = 0; k < alternatives->len; k++) {
            if (g_str_has_prefix(leads->pdata[i], leads->pdata[k]))
                together += sequence_ways(alternatives->pdata[k]);
        }
        most = MAX(most, together);
    }
    return most;
}

double pattern_facts_ways(const struct pattern_node *node)
{
    double once = node->alternatives != NULL ? group_ways(node->alternatives) : 1;
    double total = 0;
    double power = 1;

    for (unsigned times = 0; times <= node->max && total < G_MAXUINT32; times++) {
        if (times >= node->min)
            total += power;
        power *= once;
    }
    return total;
}

static size_t shortest(const GPtrArray *literals)
{
    size_t length = literals->len > 0 ? G_MAXSIZE : 0;

    for (guint i = 0; i < literals->len; i++)
        length = MIN(length, strlen(literals->pdata[i]));
    return length;
}

static void take_run(GString *run, GPtrArray *sets)
{
    if (run->len == 0)
        return;
    GPtrArray *literals = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(literals, g_strndup(run->str, run->len));
    g_string_truncate(run, 0);
    g_ptr_array_add(sets, literals);
}

static gint longer_first(gconstpointer a, gconstpointer b)
{
    size_t left = shortest(*(const GPtrArray *const *)a);
    size_t right = shortest(*(const GPtrArray *const *)b);

    return left < right ? 1 : -(left > right);
}

static GPtrArray *alternative_literals(const struct pattern_node *group);

/* Sets of literals; each match has one of each. The set with the longest literals comes first: the longer they are, the
 * fewer texts have one by chance. */
static GPtrArray *sequence_sets(const GPtrArray *sequence)
{
    g_autoptr(GString) run = g_string_new(NULL);
    GPtrArray *sets = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    for (guint i = 0; i < sequence->len; i++) {
        const struct pattern_node *node = sequence->pdata[i];
        if (node->kind == PATTERN_NODE_ASSERTION || node->kind == PATTERN_NODE_LOOKAROUND)
            continue;
        bool characters = node->kind == PATTERN_NODE_CHAR || node->kind == PATTERN_NODE_TEXT;
        for (unsigned times = 0; characters && times < node->min; times++)
            append_once(node, run);
        if (characters && node->min == node->max)
            continue;
        take_run(run, sets);
        GPtrArray *inner = node->kind == PATTERN_NODE_GROUP && node->min > 0 ? alternative_literals(node) : NULL;
        if (inner != NULL)
            g_ptr_array_add(sets, inner);
    }
    take_run(run, sets);
    g_ptr_array_sort(sets, longer_first);
    return sets;
}

/* The best set of each alternative together: a match has one of them. NULL if an alternative has none. */
static GPtrArray *alternative_literals(const struct pattern_node *group)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < group->alternatives->len; i++) {
        g_autoptr(GPtrArray) sets = sequence_sets(group->alternatives->pdata[i]);
        if (sets->len == 0)
            return NULL;
        g_ptr_array_extend_and_steal(all, g_ptr_array_steal_index(sets, 0));
    }
    return shortest(all) > 0 ? g_steal_pointer(&all) : NULL;
}

/* The first of `sets` if its literals are long enough. */
static GPtrArray *take_best(GPtrArray *sets, size_t min_length)
{
    if (sets->len == 0 || shortest(sets->pdata[0]) < min_length)
        return NULL;
    return g_ptr_array_steal_index(sets, 0);
}

GPtrArray *pattern_facts_literals(const struct pattern_node *root, size_t min_length, GPtrArray **companions)
{
    *companions = NULL;
    if (root->alternatives->len > 1) {
        g_autoptr(GPtrArray) all = alternative_literals(root);
        return all != NULL && shortest(all) >= min_length ? g_steal_pointer(&all) : NULL;
    }
    g_autoptr(GPtrArray) sets = sequence_sets(root->alternatives->pdata[0]);
    GPtrArray *literals = take_best(sets, min_length);
    if (literals != NULL)
        *companions = take_best(sets, min_length);
    return literals;
}

static void sample_node(const struct pattern_node *node, unsigned variant, GString *out)
{
    for (unsigned times = 0; times < node->min; times++) {
        if (node->kind == PATTERN_NODE_TEXT || node->kind == PATTERN_NODE_CHAR || node->kind == PATTERN_NODE_SET)
            append_once(node, out);
        if (node->kind != PATTERN_NODE_GROUP)
            continue;
        const GPtrArray *sequence = node->alternatives->pdata[variant % node->alternatives->len];
        for (guint k = 0; k < sequence->len; k++)
            sample_node(sequence->pdata[k], variant, out);
    }
}

char *pattern_facts_sample(const struct pattern_node *root, unsigned variant)
{
    GString *out = g_string_new(NULL);

    sample_node(root, variant, out);
    return g_string_free(out, FALSE);
}
