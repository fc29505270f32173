/* classifier.h: from what a report says to a verdict: reason, party, hard or soft, and the rule that decided.
 *
 * The rules are text (see rules.h); the built-in ones are in the program, and a pattern of theirs is compiled when a
 * text first needs it. A classifier may be used by many threads at once. */
#pragma once

#include <glib.h>

#include "classifier/language/source.h"
#include "classifier/language/step.h"
#include "classifier/reason.h"
#include "parser/report.h"

struct classifier;

struct verdict {
    enum reason reason;
    enum party party;
    enum verdict_kind verdict;
    const char *rule; /* id of the rule that decided, "no-rule" when none did, NULL when it was not asked (feedback,
                         deliveries, auto-replies); lives as long as the classifier */
    const char *blocklist; /* the DNS blocklist that the text names, NULL when none; lives as long as the classifier */
};

/* The operator's sources are tried before the built-in rules, in the order given. On a bad rule: NULL and an error
 * "NAME:LINE: what is wrong". */
struct classifier *classifier_new(const struct classifier_source *sources, size_t n_sources, GError **error);
/* The same one for another user, who frees it, too. */
struct classifier *classifier_ref(struct classifier *classifier);
void classifier_free(struct classifier *classifier);

/* Compiles what is not compiled yet: no text has to wait for it then. False and an error if a rule cannot be. */
bool classifier_compile(const struct classifier *classifier, GError **error);

/* A version of the rule set: 12 hex digits of a SHA-256 of all sources; lives as long as the classifier. */
const char *classifier_version(const struct classifier *classifier);

/* Tells what is wrong with `recipient` of `report`. Linear in the diagnostic's length; there is always a verdict. */
void classifier_judge(const struct classifier *classifier, const struct report *report,
                      const struct report_recipient *recipient, struct verdict *verdict);

/* The rules that were tried for `recipient`, of struct classifier_step *, in order; the last one decided if any did. A
 * step that neither decided nor was excluded has a pattern that did not match. Owned by the caller; the strings live as
 * long as the classifier. */
GPtrArray *classifier_explain(const struct classifier *classifier, const struct report *report,
                              const struct report_recipient *recipient);

typedef struct classifier Classifier;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Classifier, classifier_free)
