#include "classifier/language/pattern_tree.h"

#include <string.h>

GQuark pattern_error_quark(void)
{
    return g_quark_from_static_string("bounced-pattern");
}

/* alternatives = sequence *( "|" sequence )
 * sequence     = *( atom [ "?" / "*" / "+" / "{" number [ "," [ number ] ] "}" ] )
 * atom         = character / "\" escape / "." / "[" set "]" / "^" / "$" / "(" [ "?:" / "?=" / ... ] alternatives ")"
 */
struct parser {
    const char *start;
    const char *at;
    unsigned depth;
};

enum { MAX_DEPTH = 8 };

static GPtrArray *parse_alternatives(struct parser *parser, GError **error);

static void free_node(gpointer data)
{
    struct pattern_node *node = data;

    if (node == NULL)
        return;
    g_free(node->source);
    if (node->alternatives != NULL)
        g_ptr_array_unref(node->alternatives);
    g_free(node);
}

void pattern_tree_free(struct pattern_node *root)
{
    free_node(root);
}

static struct pattern_node *new_node(enum pattern_node_kind kind, gunichar c, char *source)
{
    struct pattern_node *node = g_new0(struct pattern_node, 1);

    node->kind = kind;
    node->min = node->max = 1;
    node->c = c;
    node->source = source;
    return node;
}

static void *refuse(const struct parser *parser, GError **error, const char *what)
{
    g_set_error(error, pattern_error_quark(), 0, "column %ld of the pattern: %s",
                (long)(parser->at - parser->start) + 1, what);
    return NULL;
}

static struct pattern_node *parse_escape(struct parser *parser, GError **error)
{
    static const struct {
        char letter;
        enum pattern_node_kind kind;
        gunichar member;
    } escapes[] = {
        {'d', PATTERN_NODE_SET, '1'},     {'D', PATTERN_NODE_SET, 'x'},     {'w', PATTERN_NODE_SET, 'x'},
        {'W', PATTERN_NODE_SET, ' '},     {'s', PATTERN_NODE_SET, ' '},     {'S', PATTERN_NODE_SET, 'x'},
        {'b', PATTERN_NODE_ASSERTION, 0}, {'B', PATTERN_NODE_ASSERTION, 0},
    };
    char c = parser->at[1];

    if (g_ascii_isdigit(c))
        return refuse(parser, error, "back-references are not part of the language: they cannot run in linear time");
    for (size_t i = 0; i < G_N_ELEMENTS(escapes); i++) {
        if (escapes[i].letter == c) {
            parser->at += 2;
            return new_node(escapes[i].kind, escapes[i].member, g_strdup_printf("\\%c", c));
        }
    }
    if (!g_ascii_ispunct(c))
        return refuse(parser, error, "unknown escape");
    parser->at += 2;
    return new_node(PATTERN_NODE_CHAR, (gunichar)c, NULL);
}

/* set = ["^"] 1*( character / "\" escape / range ), copied as it stands but in lower case. */
static struct pattern_node *parse_set(struct parser *parser, GError **error)
{
    const char *start = parser->at;
    const char *at = start + 1;
    bool negated = *at == '^';
    gunichar member = 0;

    at += negated;
    while (*at && *at != ']') {
        if (*at == '[' || (*at == '\\' && strchr("dws", at[1]) == NULL && !g_ascii_ispunct(at[1])))
            return refuse(parser, error, "not understood in a set; write \\[ for a bracket");
        const char *escaped = *at == '\\' ? at + 1 : at;
        if (!member)
            member = *at == '\\' && *escaped == 'd' ? '1' : g_unichar_tolower(g_utf8_get_char(escaped));
        at = g_utf8_next_char(escaped);
    }
    if (*at != ']' || !member)
        return refuse(parser, error, "this set does not end, or is empty");
    parser->at = at + 1;

    g_autofree char *set = g_strndup(start, (size_t)(parser->at - start));
    struct pattern_node *node = new_node(PATTERN_NODE_SET, member, g_utf8_strdown(set, -1));
    if (negated)
        node->c = strpbrk(set, "xw") != NULL ? ' ' : 'x';
    return node;
}

static struct pattern_node *parse_group(struct parser *parser, GError **error)
{
    static const char *const openings[] = {"(?:", "(?=", "(?!", "(?<=", "(?<!", "("};
    size_t opening = 0;

    while (!g_str_has_prefix(parser->at, openings[opening]))
        opening++;
    bool plain = opening == 0 || opening == G_N_ELEMENTS(openings) - 1;
    if (plain && parser->at[1] == '?' && parser->at[2] != ':')
        return refuse(parser, error, "this kind of group is not part of the language");
    if (++parser->depth > MAX_DEPTH)
        return refuse(parser, error, "groups are nested too deep");
    const char *start = parser->at;
    parser->at += strlen(openings[opening]);

    g_autoptr(GPtrArray) alternatives = parse_alternatives(parser, error);
    if (alternatives == NULL)
        return NULL;
    if (*parser->at != ')') {
        parser->at = start;
        return refuse(parser, error, "this group does not end");
    }
    parser->at++;
    parser->depth--;
    struct pattern_node *node =
        new_node(plain ? PATTERN_NODE_GROUP : PATTERN_NODE_LOOKAROUND, 0, g_strdup(plain ? "(?:" : openings[opening]));
    node->alternatives = g_steal_pointer(&alternatives);
    return node;
}

static struct pattern_node *parse_atom(struct parser *parser, GError **error)
{
    switch (*parser->at) {
    case '\\':
        return parse_escape(parser, error);
    case '[':
        return parse_set(parser, error);
    case '(':
        return parse_group(parser, error);
    case '^':
    case '$':
        return new_node(PATTERN_NODE_ASSERTION, 0, g_strndup(parser->at++, 1));
    case '.':
        parser->at++;
        return new_node(PATTERN_NODE_SET, 'x', g_strdup("."));
    case '?':
    case '*':
    case '+':
    case '{':
        return refuse(parser, error,
                      "nothing stands before this quantifier, or another one (lazy and possessive "
                      "quantifiers are not part of the language)");
    default:
        break;
    }
    struct pattern_node *node = new_node(PATTERN_NODE_CHAR, g_unichar_tolower(g_utf8_get_char(parser->at)), NULL);
    parser->at = g_utf8_next_char(parser->at);
    return node;
}

static bool parse_count(struct parser *parser, unsigned *count)
{
    const char *start = parser->at;

    for (*count = 0; parser->at - start < 4 && g_ascii_isdigit(*parser->at); parser->at++)
        *count = *count * 10 + (unsigned)(*parser->at - '0');
    return parser->at > start;
}

static bool parse_braces(struct parser *parser, unsigned *min, unsigned *max)
{
    parser->at++;
    if (!parse_count(parser, min))
        return false;
    *max = *min;
    if (*parser->at == ',') {
        parser->at++;
        if (!parse_count(parser, max))
            *max = PATTERN_MAX_REPEAT;
    }
    return *parser->at++ == '}' && *min <= *max && *max > 0 && *max <= PATTERN_MAX_REPEAT;
}

static bool holds_quantifier(const struct pattern_node *node)
{
    for (guint i = 0; node->alternatives != NULL && i < node->alternatives->len; i++) {
        const GPtrArray *sequence = node->alternatives->pdata[i];
        for (guint k = 0; k < sequence->len; k++) {
            const struct pattern_node *part = sequence->pdata[k];
            if (part->min != part->max || holds_quantifier(part))
                return true;
        }
    }
    return false;
}

static bool parse_quantifier(struct parser *parser, struct pattern_node *node, GError **error)
{
    struct parser before = *parser;
    unsigned min = 0;
    unsigned max = PATTERN_MAX_REPEAT;

    switch (*parser->at) {
    case '?':
        max = 1;
        parser->at++;
        break;
    case '*':
        parser->at++;
        break;
    case '+':
        min = 1;
        parser->at++;
        break;
    case '{':
        if (!parse_braces(parser, &min, &max))
            return refuse(&before, error, "not a quantifier {n} or {n,m} of 1 to 80 times; write \\{ for a brace");
        break;
    default:
        return true;
    }
    if (node->kind == PATTERN_NODE_ASSERTION || node->kind == PATTERN_NODE_LOOKAROUND)
        return refuse(&before, error, "a quantifier on something that has no length");
    if (max > 1 && holds_quantifier(node))
        return refuse(&before, error, "a quantifier on a group that holds one takes time that grows without bound");
    node->min = min;
    node->max = max;
    return true;
}

/* 1*character: all that stand here, but for one that a quantifier follows. NULL if that leaves none. */
static struct pattern_node *parse_text(struct parser *parser)
{
    const char *end = parser->at + strcspn(parser->at, "\\[(^$.?*+{|)");

    if (end > parser->at && *end && strchr("?*+{", *end) != NULL)
        end = g_utf8_prev_char(end);
    if (end == parser->at)
        return NULL;
    GString *text = g_string_sized_new((size_t)(end - parser->at));
    for (; parser->at < end; parser->at = g_utf8_next_char(parser->at))
        g_string_append_unichar(text, g_unichar_tolower(g_utf8_get_char(parser->at)));
    gunichar first = g_utf8_get_char(text->str);
    return new_node(PATTERN_NODE_TEXT, first, g_string_free(text, FALSE));
}

static GPtrArray *parse_sequence(struct parser *parser, GError **error)
{
    g_autoptr(GPtrArray) sequence = g_ptr_array_new_with_free_func(free_node);

    while (*parser->at && *parser->at != '|' && *parser->at != ')') {
        struct pattern_node *node = parse_text(parser);
        if (node == NULL)
            node = parse_atom(parser, error);
        if (node == NULL)
            return NULL;
        g_ptr_array_add(sequence, node);
        if (!parse_quantifier(parser, node, error))
            return NULL;
    }
    return g_steal_pointer(&sequence);
}

static GPtrArray *parse_alternatives(struct parser *parser, GError **error)
{
    g_autoptr(GPtrArray) alternatives = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    for (;;) {
        GPtrArray *sequence = parse_sequence(parser, error);
        if (sequence == NULL)
            return NULL;
        g_ptr_array_add(alternatives, sequence);
        if (*parser->at != '|')
            return g_steal_pointer(&alternatives);
        parser->at++;
    }
}

struct pattern_node *pattern_tree_parse(const char *source, GError **error)
{
    struct parser parser = {.start = source, .at = source};

    if (!g_utf8_validate(source, -1, NULL))
        return refuse(&parser, error, "the pattern is not UTF-8");
    for (; *parser.at; parser.at++) {
        if (g_ascii_iscntrl(*parser.at))
            return refuse(&parser, error, "a control character: no text has one");
    }
    parser.at = source;
    g_autoptr(GPtrArray) alternatives = parse_alternatives(&parser, error);
    if (alternatives == NULL)
        return NULL;
    if (*parser.at)
        return refuse(&parser, error, "a ) that opens nowhere");
    struct pattern_node *root = new_node(PATTERN_NODE_GROUP, 0, g_strdup("(?:"));
    root->alternatives = g_steal_pointer(&alternatives);
    return root;
}
