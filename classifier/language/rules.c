#include "classifier/language/rules.h"

#include <string.h>

#include "classifier/language/pattern.h"

enum { MAX_ID = 64 };

/* cmd/embed.cmake makes these of classifier/rules/ */
extern const char builtin_rules[];
extern const size_t builtin_rules_ends[];
extern const char *const builtin_rules_names[];
extern const char builtin_rules_digest[];

struct reader {
    const char *name;
    unsigned line;
    GPtrArray *rules;
    struct rule *rule;  /* the one that is being read, the last of `rules` */
    GPtrArray *phrases; /* or these; a value of `sets` */
    GHashTable *sets;   /* name -> GPtrArray of struct pattern * */

    /* when reading goes on after a fault */
    bool unfinished; /* it was that the rule before the line lacks something */
    bool spoilt;     /* a line of the rule was bad: what it lacks says nothing */
    bool skip;       /* the line that begins a rule or phrases was bad: theirs are passed over */
};

static void free_rule(gpointer data)
{
    struct rule *rule = data;

    g_free(rule->id);
    scope_clear(&rule->scope);
    g_ptr_array_unref(rule->patterns);
    g_ptr_array_unref(rule->examples);
    g_free(rule->text);
    g_free(rule->source);
    g_free(rule);
}

GPtrArray *rules_new(void)
{
    return g_ptr_array_new_with_free_func(free_rule);
}

static bool G_GNUC_PRINTF(3, 4) refuse(const struct reader *reader, GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, g_quark_from_static_string("bounced-rules"), 0, "%s:%u: %s", reader->name, reader->line, what);
    return false;
}

static bool read_reason(struct reader *reader, const char *name, GError **error)
{
    enum reason reason = reason_from_name(name);

    if (reason < REASON_USER_UNKNOWN || reason > REASON_UNDEFINED)
        return refuse(reader, error, "unknown reason \"%s\"", name);
    reader->rule->reason = reason;
    return true;
}

static bool valid_id(const char *id)
{
    size_t length = strlen(id);

    for (const char *c = id; *c; c++) {
        if (!g_ascii_isalnum(*c) && *c != '-')
            return false;
    }
    return length > 0 && length <= MAX_ID;
}

static GPtrArray *new_patterns(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)pattern_free);
}

static void begin_rule(struct reader *reader, char *id)
{
    struct rule *rule = g_new0(struct rule, 1);

    rule->id = id;
    rule->reason = REASON_NONE;
    scope_init(&rule->scope);
    rule->patterns = new_patterns();
    rule->examples = g_ptr_array_new_with_free_func(g_free);
    rule->source = g_strdup_printf("%s:%u", reader->name, reader->line);
    g_ptr_array_add(reader->rules, rule);
    reader->rule = rule;
}

/* Whether a rule is complete is known only when the next one begins; the line is then the rule's own. */
static bool end_rule(struct reader *reader, GError **error)
{
    const struct rule *rule = reader->rule;
    const char *missing = NULL;
    bool spoilt = reader->spoilt;

    reader->rule = NULL;
    reader->phrases = NULL;
    reader->spoilt = false;
    reader->skip = false;
    if (rule == NULL || spoilt)
        return true;
    if (rule->reason == REASON_NONE)
        missing = "a reason";
    else if (rule->patterns->len == 0 && scope_empty(&rule->scope))
        missing = "a pattern or a scope";
    else if (rule->examples->len == 0)
        missing = "an example";
    reader->unfinished = missing != NULL;
    if (missing != NULL) {
        g_set_error(error, g_quark_from_static_string("bounced-rules"), 0, "%s: rule %s lacks %s", rule->source,
                    rule->id, missing);
        return false;
    }
    return true;
}

static bool take_rule(struct reader *reader, const char *value, GError **error)
{
    if (!end_rule(reader, error))
        return false;
    if (!valid_id(value))
        return refuse(reader, error, "\"%s\" is no rule id: letters, digits and -, at most %d", value, MAX_ID);
    begin_rule(reader, g_strdup(value));
    return true;
}

/* code CODE REASON [TEXT] */
static bool take_code(struct reader *reader, const char *value, GError **error)
{
    g_autofree char *line = g_strdup(value);
    char *reason = line + strcspn(line, " \t");

    if (!end_rule(reader, error))
        return false;
    if (!*reason)
        return refuse(reader, error, "a code is followed by a reason");
    *reason++ = '\0';
    reason += strspn(reason, " \t");
    char *text = reason + strcspn(reason, " \t");
    if (*text)
        *text++ = '\0';
    text += strspn(text, " \t");

    begin_rule(reader, g_strdup_printf("code-%s", line));
    struct rule *rule = reader->rule;
    reader->rule = NULL;
    rule->text = g_strdup(text);
    if (!scope_add(&rule->scope, strchr(line, '.') != NULL ? SCOPE_KIND_STATUS : SCOPE_KIND_REPLY, line))
        return refuse(reader, error, "\"%s\" is no enhanced code or reply", line);
    reader->rule = rule;
    bool known = read_reason(reader, reason, error);
    reader->rule = NULL;
    return known;
}

static bool take_match(struct reader *reader, const char *value, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    struct pattern *pattern = pattern_new(value, &wrong);

    if (pattern == NULL)
        return refuse(reader, error, "%s", wrong->message);
    g_ptr_array_add(reader->phrases != NULL ? reader->phrases : reader->rule->patterns, pattern);
    return true;
}

static bool take_phrases(struct reader *reader, const char *value, GError **error)
{
    if (!end_rule(reader, error))
        return false;
    if (g_hash_table_contains(reader->sets, value))
        return refuse(reader, error, "there are phrases %s already", value);
    reader->phrases = new_patterns();
    g_hash_table_insert(reader->sets, g_strdup(value), reader->phrases);
    return true;
}

static bool take_use(struct reader *reader, const char *value, GError **error)
{
    g_auto(GStrv) names = g_strsplit_set(value, " \t", -1);

    for (char **name = names; *name != NULL; name++) {
        const GPtrArray *patterns = **name ? g_hash_table_lookup(reader->sets, *name) : NULL;
        if (**name && patterns == NULL)
            return refuse(reader, error, "no phrases %s stand above in this file", *name);
        for (guint i = 0; patterns != NULL && i < patterns->len; i++)
            g_ptr_array_add(reader->rule->patterns, pattern_ref(patterns->pdata[i]));
    }
    return true;
}

static bool take_example(struct reader *reader, const char *value, GError **error)
{
    if (!g_utf8_validate(value, -1, NULL))
        return refuse(reader, error, "this example is not UTF-8");
    g_ptr_array_add(reader->rule->examples, g_strdup(value));
    return true;
}

static bool take_scope(struct reader *reader, enum scope_kind kind, const char *value, GError **error)
{
    g_auto(GStrv) words = g_strsplit_set(value, " \t", -1);

    for (char **word = words; *word != NULL; word++) {
        if (**word && !scope_add(&reader->rule->scope, kind, *word))
            return refuse(reader, error, "\"%s\" is no %s", *word, scope_name(kind));
    }
    return true;
}

static const struct keyword {
    const char *name;
    bool (*take)(struct reader *reader, const char *value, GError **error);
    bool in_rule;
    bool in_phrases;
} keywords[] = {
    {"rule", take_rule, false, false},      {"code", take_code, false, false}, {"phrases", take_phrases, false, false},
    {"reason", read_reason, true, false},   {"use", take_use, true, false},    {"match", take_match, true, true},
    {"example", take_example, true, false},
};

static bool take_line(struct reader *reader, char *line, GError **error)
{
    g_strstrip(line);
    if (!*line || *line == '#')
        return true;
    char *value = line + strcspn(line, " \t");
    if (*value)
        *value++ = '\0';
    value += strspn(value, " \t");
    if (!*value)
        return refuse(reader, error, "nothing follows \"%s\"", line);

    for (size_t i = 0; i < G_N_ELEMENTS(keywords); i++) {
        if (strcmp(keywords[i].name, line) != 0)
            continue;
        if (keywords[i].in_rule && reader->rule == NULL && !(keywords[i].in_phrases && reader->phrases != NULL))
            return reader->skip || refuse(reader, error, "\"%s\" stands outside a rule", line);
        return keywords[i].take(reader, value, error);
    }
    enum scope_kind kind = scope_from_name(line);
    if (kind == SCOPE_KIND_NONE)
        return refuse(reader, error, "unknown keyword \"%s\"", line);
    if (reader->rule == NULL)
        return reader->skip || refuse(reader, error, "\"%s\" stands outside a rule", line);
    return take_scope(reader, kind, value, error);
}

/* With `faults`: puts what is wrong there, and goes on as well as can be. */
static bool take_or_note(struct reader *reader, const char *text, GPtrArray *faults, GError **error)
{
    for (unsigned turn = 0; turn < 2; turn++) {
        g_autoptr(GError) wrong = NULL;
        g_autofree char *line = g_strdup(text);
        bool in_rule = reader->rule != NULL;

        reader->unfinished = false;
        if (take_line(reader, line, &wrong))
            return true;
        if (faults == NULL) {
            g_propagate_error(error, g_steal_pointer(&wrong));
            return false;
        }
        g_ptr_array_add(faults, g_strdup(wrong->message));
        if (reader->unfinished) /* the line begins another rule, and was not looked at yet */
            continue;
        reader->spoilt = in_rule && reader->rule != NULL;
        reader->skip = reader->rule == NULL && reader->phrases == NULL;
        return true;
    }
    return true;
}

static bool parse(const struct classifier_source *source, GPtrArray *rules, GPtrArray *faults, GError **error)
{
    g_autoptr(GHashTable) sets =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    struct reader reader = {.name = source->name, .rules = rules, .sets = sets};
    g_autoptr(GError) wrong = NULL;
    const char *end = source->text + source->length;

    for (const char *at = source->text; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = newline != NULL ? newline : end;
        g_autofree char *line = g_strndup(at, (size_t)(line_end - at));
        reader.line++;
        if (!take_or_note(&reader, line, faults, error))
            return false;
        at = newline != NULL ? newline + 1 : end;
    }
    if (faults == NULL || end_rule(&reader, &wrong))
        return faults != NULL || end_rule(&reader, error);
    g_ptr_array_add(faults, g_strdup(wrong->message));
    return true;
}

bool rules_parse(const struct classifier_source *source, GPtrArray *rules, GError **error)
{
    return parse(source, rules, NULL, error);
}

void rules_find_faults(const struct classifier_source *source, GPtrArray *rules, GPtrArray *faults)
{
    (void)parse(source, rules, faults, NULL); /* it cannot fail then */
}

bool rules_unique(const GPtrArray *rules, GError **error)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < rules->len; i++) {
        struct rule *rule = rules->pdata[i];
        const struct rule *other = g_hash_table_lookup(ids, rule->id);
        if (other != NULL) {
            g_set_error(error, g_quark_from_static_string("bounced-rules"), 0, "%s: the id %s is taken by %s",
                        rule->source, rule->id, other->source);
            return false;
        }
        g_hash_table_insert(ids, rule->id, rule);
    }
    return true;
}

const char *rules_builtin_digest(void)
{
    return builtin_rules_digest;
}

struct classifier_source *rules_builtin(size_t *n)
{
    size_t start = 0;

    for (*n = 0; builtin_rules_names[*n] != NULL;)
        (*n)++;
    struct classifier_source *sources = g_new0(struct classifier_source, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        sources[i].name = builtin_rules_names[i];
        sources[i].text = builtin_rules + start;
        sources[i].length = builtin_rules_ends[i] - start;
        start = builtin_rules_ends[i];
    }
    return sources;
}

void rule_example_report(const struct rule *rule, const char *example, struct report *report,
                         struct report_recipient *recipient)
{
    struct scope_facts facts = {0};

    scope_sample(&rule->scope, &facts);
    *report = (struct report){.dialect = facts.dialect};
    *recipient = (struct report_recipient){
        .kind = REPORT_KIND_BOUNCE,
        .diagnostic = example,
        .remote_mta = facts.remote_mta,
        .command = facts.command,
    };
    report_settle(recipient);
}
