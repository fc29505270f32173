#include "classifier/language/matcher.h"

#include <string.h>

#include "classifier/language/automaton.h"
#include "classifier/language/blocklist.h"
#include "classifier/language/pattern.h"

/* The finds of the scan, in the order of the rules: one slot a pattern, and one for a rule that has none. */
struct slot {
    const struct rule *rule;
    const struct pattern *pattern;
    guint companion; /* the bit of its companion literals; 0: it has none */
    bool scoped;     /* the rule does not hold everywhere */
    bool plain;      /* that its literal is there is all that there is to see */
};

struct matcher {
    GArray *slots;
    Automaton *automaton; /* ids: slots, the rows of the blocklist table, slots' companions */
    GHashTable *by_code;  /* code key -> GArray of the slots that have no pattern */
    size_t words;         /* of the bits that a scan sets */
};

struct matcher_hits {
    const struct matcher *matcher;
    const char *text;
    size_t length;
    struct pattern_scratch *scratch; /* NULL until a pattern needs it */
    guint64 found[];                 /* bits of the automaton's ids */
};

/* Keys of by_code; a rule without any code is under CODE_NONE. */
#define CODE_NONE 0U
#define STATUS_KEY(subject, detail) ((1U << 24) | (subject) << 12 | (detail))
#define REPLY_KEY(reply) ((2U << 24) | (reply))

static void index_code(struct matcher *matcher, unsigned key, guint slot)
{
    GArray *slots = g_hash_table_lookup(matcher->by_code, GUINT_TO_POINTER(key));

    if (slots == NULL) {
        slots = g_array_new(FALSE, FALSE, sizeof(guint));
        g_hash_table_insert(matcher->by_code, GUINT_TO_POINTER(key), slots);
    }
    g_array_append_val(slots, slot);
}

static void index_scope(struct matcher *matcher, const struct scope *scope, guint slot)
{
    for (guint i = 0; i < scope->statuses->len; i++) {
        const struct scope_status *status = &g_array_index(scope->statuses, struct scope_status, i);
        for (unsigned detail = status->from; detail <= status->to; detail++)
            index_code(matcher, STATUS_KEY(status->subject, detail), slot);
    }
    for (guint i = 0; scope->statuses->len == 0 && i < scope->replies->len; i++) {
        const struct scope_reply *reply = &g_array_index(scope->replies, struct scope_reply, i);
        for (unsigned code = reply->from; code <= reply->to; code++)
            index_code(matcher, REPLY_KEY(code), slot);
    }
    if (scope->statuses->len == 0 && scope->replies->len == 0)
        index_code(matcher, CODE_NONE, slot);
}

static void index_rule(struct matcher *matcher, const struct rule *rule)
{
    for (guint i = 0; i < rule->patterns->len; i++) {
        struct slot slot = {.rule = rule, .pattern = rule->patterns->pdata[i], .scoped = !scope_empty(&rule->scope)};
        slot.plain = pattern_is_literal(slot.pattern);
        g_array_append_val(matcher->slots, slot);
    }
    if (rule->patterns->len == 0) {
        struct slot slot = {.rule = rule, .scoped = true, .plain = true};
        index_scope(matcher, &rule->scope, matcher->slots->len);
        g_array_append_val(matcher->slots, slot);
    }
}

static void add_literals(struct matcher *matcher, const char *literals, guint id)
{
    for (; *literals; literals += strlen(literals) + 1)
        automaton_add(matcher->automaton, literals, id);
}

static void build_automaton(struct matcher *matcher)
{
    guint n_slots = matcher->slots->len;
    guint next = n_slots + (guint)blocklist_count;

    for (guint i = 0; i < n_slots; i++) {
        struct slot *slot = &g_array_index(matcher->slots, struct slot, i);
        const char *companions = slot->pattern != NULL ? pattern_companions(slot->pattern) : NULL;
        if (slot->pattern != NULL)
            add_literals(matcher, pattern_literals(slot->pattern), i);
        if (companions != NULL) {
            slot->companion = next++;
            add_literals(matcher, companions, slot->companion);
        }
    }
    for (size_t i = 0; i < blocklist_count; i++)
        automaton_add(matcher->automaton, blocklist_rows[i].literal, n_slots + (guint)i);
    automaton_finish(matcher->automaton);
    matcher->words = next / 64 + 1;
}

struct matcher *matcher_new(const GPtrArray *rules)
{
    struct matcher *matcher = g_new0(struct matcher, 1);

    matcher->slots = g_array_new(FALSE, FALSE, sizeof(struct slot));
    matcher->automaton = automaton_new();
    matcher->by_code = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    for (guint i = 0; i < rules->len; i++)
        index_rule(matcher, rules->pdata[i]);
    build_automaton(matcher);
    return matcher;
}

void matcher_free(struct matcher *matcher)
{
    if (matcher == NULL)
        return;
    automaton_free(matcher->automaton);
    g_hash_table_unref(matcher->by_code);
    g_array_unref(matcher->slots);
    g_free(matcher);
}

struct matcher_hits *matcher_scan(const struct matcher *matcher, const char *text, size_t length)
{
    struct matcher_hits *hits = g_malloc0(sizeof(*hits) + matcher->words * sizeof(hits->found[0]));

    hits->matcher = matcher;
    hits->text = text;
    hits->length = length;
    automaton_scan(matcher->automaton, text, length, hits->found);
    return hits;
}

void matcher_hits_free(struct matcher_hits *hits)
{
    if (hits != NULL)
        pattern_scratch_free(hits->scratch);
    g_free(hits);
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

static void mark_key(struct matcher_hits *hits, unsigned key)
{
    const GArray *slots = g_hash_table_lookup(hits->matcher->by_code, GUINT_TO_POINTER(key));

    for (guint i = 0; slots != NULL && i < slots->len; i++)
        mark(hits->found, g_array_index(slots, guint, i));
}

void matcher_take_codes(struct matcher_hits *hits, const struct scope_facts *facts)
{
    mark_key(hits, CODE_NONE);
    if (facts->status.class != 0) {
        mark_key(hits, STATUS_KEY(facts->status.subject, facts->status.detail));
        mark_key(hits, STATUS_KEY(facts->status.subject, SCOPE_ANY));
        mark_key(hits, STATUS_KEY(SCOPE_ANY, facts->status.detail));
        mark_key(hits, STATUS_KEY(SCOPE_ANY, SCOPE_ANY));
    }
    if (facts->reply != 0)
        mark_key(hits, REPLY_KEY(facts->reply));
}

const char *matcher_blocklist(const struct matcher_hits *hits)
{
    guint first = hits->matcher->slots->len;
    guint end = first + (guint)blocklist_count;
    guint bit = next_found(hits->found, first, end);

    return bit < end ? blocklist_rows[bit - first].name : NULL;
}

static void note_step(GPtrArray *steps, const struct slot *slot, const char *excluded, bool matched)
{
    struct classifier_step *step = g_new0(struct classifier_step, 1);

    step->rule = slot->rule->id;
    step->reason = slot->rule->reason;
    step->pattern = slot->pattern != NULL ? pattern_source(slot->pattern) : NULL;
    step->decided = matched;
    step->excluded_by = excluded;
    g_ptr_array_add(steps, step);
}

static bool has_bit(const guint64 *found, guint bit)
{
    return found[bit / 64] >> (bit % 64) & 1;
}

static bool slot_matches(struct matcher_hits *hits, const struct slot *slot)
{
    if (slot->plain)
        return true;
    if (slot->companion && !has_bit(hits->found, slot->companion))
        return false;
    if (hits->scratch == NULL)
        hits->scratch = pattern_scratch_new();
    return pattern_match(slot->pattern, hits->text, hits->length, hits->scratch) == PATTERN_RESULT_MATCH;
}

/* The part of a scope that excludes the rule of `slot`, NULL when none does. A reply about the sender says nothing of
 * the recipient, whatever words it has. */
static const char *excluded_by(const struct slot *slot, const struct scope_facts *facts)
{
    enum scope_kind kind = slot->scoped ? scope_excludes(&slot->rule->scope, facts) : SCOPE_KIND_NONE;

    if (kind != SCOPE_KIND_NONE)
        return scope_name(kind);
    /* a rule that asks for the command knows what is answered */
    return facts->about_sender && reason_is_recipients(slot->rule->reason) && slot->rule->scope.commands->len == 0
               ? "sender"
               : NULL;
}

const struct rule *matcher_first(struct matcher_hits *hits, const struct scope_facts *facts, GPtrArray *steps)
{
    const GArray *slots = hits->matcher->slots;

    for (guint i = next_found(hits->found, 0, slots->len); i < slots->len;
         i = next_found(hits->found, i + 1, slots->len)) {
        const struct slot *slot = &g_array_index(slots, struct slot, i);
        const char *excluded = excluded_by(slot, facts);
        bool matched = excluded == NULL && slot_matches(hits, slot);
        if (steps != NULL)
            note_step(steps, slot, excluded, matched);
        if (matched)
            return slot->rule;
    }
    return NULL;
}
