#include "classifier/classifier.h"

#include <string.h>

#include "classifier/automaton.h"
#include "classifier/blocklist.h"
#include "classifier/diagnostic.h"
#include "classifier/pattern.h"
#include "classifier/rules.h"
#include "classifier/scope.h"
#include "classifier/stage.h"

/* What the scan can find, in the order of the rules: one slot a pattern, and one for a rule that has none. */
struct slot {
    const struct rule *rule;
    const struct pattern *pattern;
};

struct classifier {
    GPtrArray *rules;
    GArray *slots;
    Automaton *automaton; /* ids: slots, then the rows of the blocklist table, then those of the stage table */
    GHashTable *by_code;  /* code key -> GArray of the slots that have no pattern */
    gsize found_words;    /* of the bits that a scan sets */
    char *version;
};

/* Keys of by_code; a rule without any code is under CODE_NONE. */
#define CODE_NONE 0U
#define STATUS_KEY(subject, detail) ((1U << 24) | (subject) << 12 | (detail))
#define REPLY_KEY(reply) ((2U << 24) | (reply))

static void index_code(struct classifier *classifier, unsigned key, guint slot)
{
    GArray *slots = g_hash_table_lookup(classifier->by_code, GUINT_TO_POINTER(key));

    if (!slots) {
        slots = g_array_new(FALSE, FALSE, sizeof(guint));
        g_hash_table_insert(classifier->by_code, GUINT_TO_POINTER(key), slots);
    }
    g_array_append_val(slots, slot);
}

static void index_scope(struct classifier *classifier, const struct scope *scope, guint slot)
{
    for (guint i = 0; i < scope->statuses->len; i++) {
        const struct scope_status *status = &g_array_index(scope->statuses, struct scope_status, i);
        for (unsigned detail = status->from; detail <= status->to; detail++)
            index_code(classifier, STATUS_KEY(status->subject, detail), slot);
    }
    for (guint i = 0; scope->statuses->len == 0 && i < scope->replies->len; i++) {
        const struct scope_reply *reply = &g_array_index(scope->replies, struct scope_reply, i);
        for (unsigned code = reply->from; code <= reply->to; code++)
            index_code(classifier, REPLY_KEY(code), slot);
    }
    if (scope->statuses->len == 0 && scope->replies->len == 0)
        index_code(classifier, CODE_NONE, slot);
}

static void index_rule(struct classifier *classifier, const struct rule *rule)
{
    for (guint i = 0; i < rule->patterns->len; i++) {
        struct slot slot = {rule, rule->patterns->pdata[i]};
        for (const char *const *literal = pattern_literals(slot.pattern); *literal; literal++)
            automaton_add(classifier->automaton, *literal, classifier->slots->len);
        g_array_append_val(classifier->slots, slot);
    }
    if (rule->patterns->len == 0) {
        struct slot slot = {rule, NULL};
        index_scope(classifier, &rule->scope, classifier->slots->len);
        g_array_append_val(classifier->slots, slot);
    }
}

static bool index_rules(struct classifier *classifier, GError **error)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < classifier->rules->len; i++) {
        struct rule *rule = classifier->rules->pdata[i];
        const struct rule *other = g_hash_table_lookup(ids, rule->id);
        if (other) {
            g_set_error(error, g_quark_from_static_string("bounced-rules"), 0, "%s: the id %s is taken by %s",
                        rule->source, rule->id, other->source);
            return false;
        }
        g_hash_table_insert(ids, rule->id, rule);
        index_rule(classifier, rule);
    }
    for (size_t i = 0; i < blocklist_count; i++)
        automaton_add(classifier->automaton, blocklist_rows[i].literal, classifier->slots->len + (guint)i);
    for (size_t i = 0; i < stage_count; i++)
        automaton_add(classifier->automaton, stage_rows[i].literal,
                      classifier->slots->len + (guint)(blocklist_count + i));
    automaton_finish(classifier->automaton);
    classifier->found_words = (classifier->slots->len + blocklist_count + stage_count) / 64 + 1;
    return true;
}

static bool take_sources(struct classifier *classifier, const struct classifier_source *sources, size_t n,
                         GChecksum *sum, GError **error)
{
    for (size_t i = 0; i < n; i++) {
        g_checksum_update(sum, (const guchar *)sources[i].text, (gssize)sources[i].length);
        if (!rules_parse(&sources[i], classifier->rules, error))
            return false;
    }
    return true;
}

struct classifier *classifier_new(const struct classifier_source *sources, size_t n_sources, GError **error)
{
    g_autoptr(Classifier) classifier = g_new0(struct classifier, 1);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    size_t n_builtin = 0;
    g_autofree struct classifier_source *builtin = rules_builtin(&n_builtin);

    classifier->rules = rules_new();
    classifier->slots = g_array_new(FALSE, FALSE, sizeof(struct slot));
    classifier->automaton = automaton_new();
    classifier->by_code = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    if (!take_sources(classifier, sources, n_sources, sum, error) ||
        !take_sources(classifier, builtin, n_builtin, sum, error) || !index_rules(classifier, error))
        return NULL;
    classifier->version = g_strndup(g_checksum_get_string(sum), 12);
    return g_steal_pointer(&classifier);
}

void classifier_free(struct classifier *classifier)
{
    if (!classifier)
        return;
    automaton_free(classifier->automaton);
    g_hash_table_unref(classifier->by_code);
    g_array_unref(classifier->slots);
    g_ptr_array_unref(classifier->rules);
    g_free(classifier->version);
    g_free(classifier);
}

const char *classifier_version(const struct classifier *classifier)
{
    return classifier->version;
}

static void mark(guint64 *found, guint bit)
{
    found[bit / 64] |= G_GUINT64_CONSTANT(1) << (bit % 64);
}

/* The first bit from `bit` on, below `end`; `end` when there is none. */
static guint next_found(const guint64 *found, guint bit, guint end)
{
    while (bit < end) {
        guint64 word = found[bit / 64] >> (bit % 64);
        if (word)
            return MIN(bit + (guint)__builtin_ctzll(word), end);
        bit = (bit / 64 + 1) * 64;
    }
    return end;
}

static void mark_key(const struct classifier *classifier, unsigned key, guint64 *found)
{
    const GArray *slots = g_hash_table_lookup(classifier->by_code, GUINT_TO_POINTER(key));

    for (guint i = 0; slots && i < slots->len; i++)
        mark(found, g_array_index(slots, guint, i));
}

static void mark_codes(const struct classifier *classifier, const struct scope_facts *facts, guint64 *found)
{
    mark_key(classifier, CODE_NONE, found);
    if (facts->status.class != 0) {
        mark_key(classifier, STATUS_KEY(facts->status.subject, facts->status.detail), found);
        mark_key(classifier, STATUS_KEY(facts->status.subject, SCOPE_ANY), found);
        mark_key(classifier, STATUS_KEY(SCOPE_ANY, facts->status.detail), found);
        mark_key(classifier, STATUS_KEY(SCOPE_ANY, SCOPE_ANY), found);
    }
    if (facts->reply != 0)
        mark_key(classifier, REPLY_KEY(facts->reply), found);
}

static void note_step(GPtrArray *steps, const struct slot *slot, enum scope_kind excluded, bool matched)
{
    struct classifier_step *step = g_new0(struct classifier_step, 1);

    step->rule = slot->rule->id;
    step->reason = slot->rule->reason;
    step->pattern = slot->pattern ? pattern_source(slot->pattern) : NULL;
    step->decided = matched;
    step->excluded_by = excluded == SCOPE_COUNT ? NULL : scope_names[excluded];
    g_ptr_array_add(steps, step);
}

static const struct rule *first_match(const struct classifier *classifier, const struct scope_facts *facts,
                                      const char *text, const guint64 *found, GPtrArray *steps)
{
    gsize length = strlen(text);
    guint n_slots = classifier->slots->len;

    for (guint i = next_found(found, 0, n_slots); i < n_slots; i = next_found(found, i + 1, n_slots)) {
        const struct slot *slot = &g_array_index(classifier->slots, struct slot, i);
        enum scope_kind excluded = scope_excludes(&slot->rule->scope, facts);
        bool matched = excluded == SCOPE_COUNT && (!slot->pattern || pattern_is_literal(slot->pattern) ||
                                                   pattern_match(slot->pattern, text, length) == PATTERN_MATCH);
        if (steps)
            note_step(steps, slot, excluded, matched);
        if (matched)
            return slot->rule;
    }
    return NULL;
}

static const char *found_blocklist(const struct classifier *classifier, const guint64 *found)
{
    guint first = classifier->slots->len;
    guint end = first + (guint)blocklist_count;
    guint bit = next_found(found, first, end);

    return bit < end ? blocklist_rows[bit - first].name : NULL;
}

static const char *found_command(const struct classifier *classifier, const guint64 *found)
{
    guint first = classifier->slots->len + (guint)blocklist_count;
    guint end = first + (guint)stage_count;
    guint bit = next_found(found, first, end);

    return bit < end ? stage_rows[bit - first].command : NULL;
}

/* The codes that stand in the text are the remote side's own words; those of the report stand in for them, and come
 * first where the text says no more than "x.0.0". */
static void find_codes(const struct report_recipient *recipient, const char *text, struct scope_facts *facts)
{
    struct diagnostic_status field = {0};
    bool has_field = recipient->status && diagnostic_read_status(recipient->status, &field) && field.class != 2;
    bool in_text = diagnostic_find_status(text, &facts->status);

    if (has_field && (!in_text || (facts->status.subject == 0 && facts->status.detail == 0)))
        facts->status = field;
    facts->reply = diagnostic_find_reply(text);
    if (facts->reply == 0)
        facts->reply = recipient->reply;
}

/* The codes of the report say less than the text of an inner reply does, so that only a code in it counts. */
static const struct rule *search_inner(const struct classifier *classifier, const struct report_recipient *recipient,
                                       const char *inner, struct scope_facts *facts, GPtrArray *steps)
{
    g_autofree guint64 *found = g_new0(guint64, classifier->found_words);
    struct diagnostic_status status;

    find_codes(recipient, inner, facts);
    automaton_scan(classifier->automaton, inner, strlen(inner), found);
    if (diagnostic_find_status(inner, &status) && (status.subject != 0 || status.detail != 0))
        mark_codes(classifier, facts, found);
    return first_match(classifier, facts, inner, found, steps);
}

/* The innermost of nested replies is what the others are about; when no rule knows it, all of the text is looked at. */
static const struct rule *decide(const struct classifier *classifier, const struct report *report,
                                 const struct report_recipient *recipient, const char **blocklist, GPtrArray *steps)
{
    gsize length = 0;
    g_autofree char *text = diagnostic_normalise(recipient->diagnostic, &length);
    g_autofree guint64 *found = g_new0(guint64, classifier->found_words);
    struct scope_facts facts = {
        .remote_mta = recipient->remote_mta,
        .reporting_mta = report->reporting_mta,
        .dialect = report->dialect,
        .command = recipient->command,
    };

    automaton_scan(classifier->automaton, text, length, found);
    *blocklist = found_blocklist(classifier, found);
    if (!facts.command)
        facts.command = found_command(classifier, found);

    const char *inner = diagnostic_innermost(text);
    const struct rule *rule = NULL;
    if (inner != text)
        rule = search_inner(classifier, recipient, inner, &facts, steps);
    if (rule)
        return rule;
    find_codes(recipient, text, &facts);
    mark_codes(classifier, &facts, found);
    return first_match(classifier, &facts, text, found, steps);
}

/* Permanence is the outermost's: the report's own status, then its reply, then what the text says first. */
static bool temporary(const struct report_recipient *recipient)
{
    gsize length = 0;

    if (recipient->status)
        return recipient->status[0] == '4';
    if (recipient->reply != 0)
        return recipient->reply / 100 == 4;

    g_autofree char *text = diagnostic_normalise(recipient->diagnostic, &length);
    struct diagnostic_status status;
    unsigned reply = diagnostic_find_reply(text);
    if (reply != 0)
        return reply / 100 == 4;
    return diagnostic_find_status(text, &status) && status.class == 4;
}

static void judge_failure(const struct classifier *classifier, const struct report *report,
                          const struct report_recipient *recipient, struct verdict *verdict)
{
    const struct rule *rule = decide(classifier, report, recipient, &verdict->blocklist, NULL);

    verdict->rule = rule ? rule->id : "no-rule";
    verdict->reason = rule ? rule->reason : REASON_ON_HOLD;
    verdict->verdict = reason_row(verdict->reason)->verdict;
    if (recipient->kind == REPORT_DELAY)
        verdict->verdict = VERDICT_NONE;
    else if (verdict->verdict == VERDICT_HARD && temporary(recipient))
        verdict->verdict = VERDICT_SOFT;
}

/* RFC 5965 and 6591 feedback types that complain about nothing, and those that ask for no more mail. */
static const struct {
    const char *type;
    enum reason reason;
    enum verdict_kind verdict;
} feedback_types[] = {
    {"not-spam", REASON_FEEDBACK, VERDICT_NONE},
    {"auth-failure", REASON_FEEDBACK, VERDICT_NONE},
    {"opt-out", REASON_UNSUBSCRIBE, VERDICT_UNSUBSCRIBE},
    {"opt-out-list", REASON_UNSUBSCRIBE, VERDICT_UNSUBSCRIBE},
};

static void judge_feedback(const char *type, struct verdict *verdict)
{
    verdict->reason = REASON_FEEDBACK;
    verdict->verdict = VERDICT_COMPLAINT;
    for (gsize i = 0; type && i < G_N_ELEMENTS(feedback_types); i++) {
        if (g_ascii_strcasecmp(type, feedback_types[i].type) == 0) {
            verdict->reason = feedback_types[i].reason;
            verdict->verdict = feedback_types[i].verdict;
        }
    }
}

void classifier_judge(const struct classifier *classifier, const struct report *report,
                      const struct report_recipient *recipient, struct verdict *verdict)
{
    static const enum reason reasons[] = {
        [REPORT_OTHER] = REASON_NONE,
        [REPORT_DELIVERED] = REASON_DELIVERED,
        [REPORT_AUTO_REPLY] = REASON_AUTO_REPLY,
        [REPORT_UNSUBSCRIBE] = REASON_UNSUBSCRIBE,
    };

    *verdict = (struct verdict){0};
    if (recipient->kind == REPORT_BOUNCE || recipient->kind == REPORT_DELAY) {
        judge_failure(classifier, report, recipient, verdict);
    } else if (recipient->kind == REPORT_FEEDBACK) {
        judge_feedback(report->feedback_type, verdict);
    } else {
        verdict->reason = reasons[recipient->kind];
        verdict->verdict = reason_row(verdict->reason)->verdict;
    }
    verdict->party = reason_row(verdict->reason)->party;
}

GPtrArray *classifier_explain(const struct classifier *classifier, const struct report *report,
                              const struct report_recipient *recipient)
{
    GPtrArray *steps = g_ptr_array_new_with_free_func(g_free);
    const char *blocklist = NULL;

    (void)decide(classifier, report, recipient, &blocklist, steps); /* the steps hold it */
    return steps;
}
