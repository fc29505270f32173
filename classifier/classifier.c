#include "classifier/classifier.h"

#include <string.h>

#include "classifier/diagnostic.h"
#include "classifier/language/matcher.h"
#include "classifier/language/pattern.h"
#include "classifier/language/rules.h"

struct classifier {
    GPtrArray *rules;
    struct matcher *matcher;
    char *version;
};

static bool take_sources(GPtrArray *rules, const struct classifier_source *sources, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++) {
        if (!rules_parse(&sources[i], rules, error))
            return false;
    }
    return true;
}

static char *make_version(const struct classifier_source *sources, size_t n)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    for (size_t i = 0; i < n; i++)
        g_checksum_update(sum, (const guchar *)sources[i].text, (gssize)sources[i].length);
    g_checksum_update(sum, (const guchar *)rules_builtin_digest(), -1);
    return g_strndup(g_checksum_get_string(sum), 12);
}

struct classifier *classifier_new(const struct classifier_source *sources, size_t n_sources, GError **error)
{
    struct classifier *classifier = g_atomic_rc_box_new0(struct classifier);
    size_t n_builtin = 0;
    g_autofree struct classifier_source *builtin = rules_builtin(&n_builtin);

    classifier->rules = rules_new();
    if (!take_sources(classifier->rules, sources, n_sources, error) ||
        !take_sources(classifier->rules, builtin, n_builtin, error) || !rules_unique(classifier->rules, error)) {
        classifier_free(classifier);
        return NULL;
    }
    classifier->matcher = matcher_new(classifier->rules);
    classifier->version = make_version(sources, n_sources);
    return classifier;
}

static void clear(void *data)
{
    struct classifier *classifier = data;

    matcher_free(classifier->matcher);
    g_ptr_array_unref(classifier->rules);
    g_free(classifier->version);
}

struct classifier *classifier_ref(struct classifier *classifier)
{
    return g_atomic_rc_box_acquire(classifier);
}

void classifier_free(struct classifier *classifier)
{
    if (classifier != NULL)
        g_atomic_rc_box_release_full(classifier, clear);
}

bool classifier_compile(const struct classifier *classifier, GError **error)
{
    for (guint i = 0; i < classifier->rules->len; i++) {
        const struct rule *rule = classifier->rules->pdata[i];
        for (guint k = 0; k < rule->patterns->len; k++) {
            if (!pattern_compile(rule->patterns->pdata[k], error)) {
                g_prefix_error(error, "%s: rule %s: ", rule->source, rule->id);
                return false;
            }
        }
    }
    return true;
}

const char *classifier_version(const struct classifier *classifier)
{
    return classifier->version;
}

/* The codes that stand in the text are the remote side's own words; those of the report stand in for them, and come
 * first where the text says no more than "x.0.0". */
static void find_codes(const struct report_recipient *recipient, const char *text, struct scope_facts *facts)
{
    struct reply_status field = {0};
    bool has_field = recipient->status != NULL && reply_read_status(recipient->status, &field) && field.class != 2;
    bool in_text = reply_first_status(text, &facts->status);

    if (has_field && (!in_text || (facts->status.subject == 0 && facts->status.detail == 0)))
        facts->status = field;
    facts->reply = reply_first(text);
    if (facts->reply == 0)
        facts->reply = recipient->reply;
}

/* The question: the recipient and its diagnostic in normal form; and what the texts tell on the way. */
struct context {
    const struct report_recipient *recipient;
    const char *text;
    size_t length;
    struct scope_facts facts;
    const char *blocklist;
    GPtrArray *steps; /* NULL unless they are asked for */
};

static struct context make_context(const struct report *report, const struct report_recipient *recipient,
                                   const char *text, size_t length)
{
    const char *failed = recipient->final_recipient != NULL ? recipient->final_recipient : recipient->recipient;
    const char *at = failed != NULL ? strrchr(failed, '@') : NULL;

    return (struct context){
        .recipient = recipient,
        .text = text,
        .length = length,
        .facts =
            {
                .remote_mta = recipient->remote_mta,
                .reporting_mta = report->reporting_mta,
                .domain = at != NULL ? at + 1 : NULL,
                .dialect = report->dialect,
                .command = recipient->command,
                .about_sender = recipient->about_sender,
            },
    };
}

static void take_hits(struct context *context, const struct matcher_hits *hits)
{
    if (context->blocklist == NULL)
        context->blocklist = matcher_blocklist(hits);
}

/* The innermost of nested replies is what the others are about. The codes of the report say less than its text does, so
 * that only a code in it counts. */
static const struct rule *decide_inner(const struct classifier *classifier, struct context *context, const char *inner)
{
    size_t outer_length = (size_t)(inner - context->text);
    g_autoptr(MatcherHits) before = matcher_scan(classifier->matcher, context->text, outer_length);
    g_autoptr(MatcherHits) hits = matcher_scan(classifier->matcher, inner, context->length - outer_length);
    struct reply_status status;

    take_hits(context, before);
    take_hits(context, hits);
    find_codes(context->recipient, inner, &context->facts);
    if (reply_first_status(inner, &status) && (status.subject != 0 || status.detail != 0))
        matcher_take_codes(hits, &context->facts);
    return matcher_first(hits, &context->facts, context->steps);
}

/* The meaning of a refusal by the command that it answers, where no rule tells more. The ids are those of rules. */
struct refusal {
    const char *command; /* NULL: any other, it was the words that told of the sender */
    struct rule rule;
};

static const struct refusal refusals[] = {
    {"CONN", {.id = (char *)"stage-connection", .reason = REASON_BLOCKED}},
    {"EHLO", {.id = (char *)"stage-greeting", .reason = REASON_BLOCKED}},
    {"HELO", {.id = (char *)"stage-greeting", .reason = REASON_BLOCKED}},
    {"LHLO", {.id = (char *)"stage-greeting", .reason = REASON_BLOCKED}},
    {"STARTTLS", {.id = (char *)"stage-starttls", .reason = REASON_STARTTLS_FAILED}},
    {"AUTH", {.id = (char *)"stage-auth", .reason = REASON_SECURITY_ERROR}},
    {"MAIL", {.id = (char *)"stage-sender", .reason = REASON_SENDER_REJECTED}},
    {NULL, {.id = (char *)"stage-sender", .reason = REASON_SENDER_REJECTED}},
};

static const struct refusal *find_refusal(const char *command)
{
    const struct refusal *refusal = refusals;

    while (refusal->command != NULL && g_strcmp0(refusal->command, command) != 0)
        refusal++;
    return refusal;
}

static void note_refusal(GPtrArray *steps, const struct rule *rule)
{
    struct classifier_step *step = g_new0(struct classifier_step, 1);

    *step = (struct classifier_step){.rule = rule->id, .reason = rule->reason, .decided = true};
    g_ptr_array_add(steps, step);
}

static bool says_nothing(const struct rule *rule)
{
    return rule == NULL || rule->reason == REASON_ON_HOLD || rule->reason == REASON_UNDEFINED;
}

/* Would a rule say that the recipient is at fault, if the reply were not about the sender? */
static bool blames_recipient(struct matcher_hits *hits, struct scope_facts facts)
{
    const struct rule *rule;

    facts.about_sender = false;
    rule = matcher_first(hits, &facts, NULL);
    return rule != NULL && reason_is_recipients(rule->reason);
}

/* The first `length` bytes of the text, which is about the sender. */
static const struct rule *decide_sender(const struct classifier *classifier, struct context *context, size_t length)
{
    const struct refusal *refusal = find_refusal(context->facts.command);
    g_autofree char *text = g_strndup(context->text, length);
    g_autoptr(MatcherHits) hits = matcher_scan(classifier->matcher, text, length);
    const struct rule *rule;

    take_hits(context, hits);
    find_codes(context->recipient, text, &context->facts);
    matcher_take_codes(hits, &context->facts);
    rule = matcher_first(hits, &context->facts, context->steps);
    if (!says_nothing(rule) || (refusal->command != NULL && !blames_recipient(hits, context->facts)))
        return rule;
    if (context->steps != NULL)
        note_refusal(context->steps, &refusal->rule);
    return &refusal->rule;
}

/* Words that nothing knows as they stand may be known without what stands between them. */
static const struct rule *decide_words(const struct classifier *classifier, struct context *context)
{
    size_t length = 0;
    g_autofree char *words = diagnostic_words(context->text, context->length, &length);
    g_autoptr(MatcherHits) hits = matcher_scan(classifier->matcher, words, length);

    matcher_take_codes(hits, &context->facts); /* a rule for codes may come before those for words */
    return matcher_first(hits, &context->facts, context->steps);
}

/* A rule that decided is outdone. */
static void note_outdone(GPtrArray *steps, guint before)
{
    for (guint i = 0; i < before; i++)
        ((struct classifier_step *)steps->pdata[i])->decided = false;
}

static const struct rule *decide_text(const struct classifier *classifier, struct context *context)
{
    g_autoptr(MatcherHits) hits = matcher_scan(classifier->matcher, context->text, context->length);
    const struct rule *rule, *other;
    guint n;

    take_hits(context, hits);
    find_codes(context->recipient, context->text, &context->facts);
    matcher_take_codes(hits, &context->facts);
    rule = matcher_first(hits, &context->facts, context->steps);
    n = context->steps != NULL ? context->steps->len : 0;
    other = rule == NULL || rule->patterns->len == 0 ? decide_words(classifier, context) : NULL;
    if (other == NULL)
        return rule;
    note_outdone(context->steps, n);
    return other;
}

/* All of the text is looked at when no rule knows the innermost reply. A quotation in a reply about the sender is
 * about the sender, too: only the rest of the text counts. */
static const struct rule *decide(const struct classifier *classifier, struct context *context)
{
    const char *inner = context->facts.about_sender ? reply_quoted(context->text) : reply_innermost(context->text);
    const struct rule *rule = NULL;

    if (context->facts.about_sender)
        return decide_sender(classifier, context, inner != NULL ? (size_t)(inner - context->text) : context->length);
    if (inner != context->text)
        rule = decide_inner(classifier, context, inner);
    return rule != NULL ? rule : decide_text(classifier, context);
}

/* Permanence is the outermost's: the report's own status, then its reply, then what the text says first. */
static bool temporary(const struct report_recipient *recipient, const char *text)
{
    if (recipient->status != NULL)
        return recipient->status[0] == '4';
    if (recipient->reply != 0)
        return recipient->reply / 100 == 4;

    struct reply_status status;
    unsigned reply = reply_first(text);
    if (reply != 0)
        return reply / 100 == 4;
    return reply_first_status(text, &status) && status.class == 4;
}

/* Texts that no rule knows. A report that gives no cause is undefined; one that gives a cause waits for a rule; a delay
 * says at least that the message waits. */
static enum reason reason_without_rule(const struct report_recipient *recipient)
{
    bool silent = !(recipient->diagnostic != NULL && *recipient->diagnostic) && recipient->status == NULL &&
                  recipient->reply == 0;

    if (recipient->kind == REPORT_KIND_DELAY)
        return REASON_EXPIRED;
    return silent ? REASON_UNDEFINED : REASON_ON_HOLD;
}

/* The address that failed is not the one that we sent to. */
static bool is_forwarded(const struct report_recipient *recipient)
{
    return recipient->recipient != NULL && recipient->final_recipient != NULL &&
           g_ascii_strcasecmp(recipient->recipient, recipient->final_recipient) != 0;
}

static void judge_failure(const struct classifier *classifier, const struct report *report,
                          const struct report_recipient *recipient, struct verdict *verdict)
{
    size_t length = 0;
    g_autofree char *text = diagnostic_normalise(recipient->diagnostic, &length);
    struct context context = make_context(report, recipient, text, length);
    const struct rule *rule = decide(classifier, &context);

    verdict->blocklist = context.blocklist;
    verdict->rule = rule != NULL ? rule->id : "no-rule";
    verdict->reason = rule != NULL ? rule->reason : reason_without_rule(recipient);
    verdict->verdict = reason_row(verdict->reason)->verdict;
    if (recipient->kind == REPORT_KIND_DELAY)
        verdict->verdict = VERDICT_NONE;
    else if (verdict->verdict == VERDICT_HARD && (temporary(recipient, text) || is_forwarded(recipient)))
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
    for (size_t i = 0; type != NULL && i < G_N_ELEMENTS(feedback_types); i++) {
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
        [REPORT_KIND_OTHER] = REASON_NONE,
        [REPORT_KIND_DELIVERED] = REASON_DELIVERED,
        [REPORT_KIND_AUTO_REPLY] = REASON_AUTO_REPLY,
        [REPORT_KIND_UNSUBSCRIBE] = REASON_UNSUBSCRIBE,
    };

    *verdict = (struct verdict){0};
    if (recipient->kind == REPORT_KIND_BOUNCE || recipient->kind == REPORT_KIND_DELAY) {
        judge_failure(classifier, report, recipient, verdict);
    } else if (recipient->kind == REPORT_KIND_FEEDBACK) {
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
    size_t length = 0;
    g_autofree char *text = diagnostic_normalise(recipient->diagnostic, &length);
    struct context context = make_context(report, recipient, text, length);

    context.steps = g_ptr_array_new_with_free_func(g_free);
    (void)decide(classifier, &context); /* the steps hold it */
    return context.steps;
}
