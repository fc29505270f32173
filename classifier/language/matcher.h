/* matcher.h: many rules as one thing: which of them is the first that holds for a text.
 *
 * One pass over the text finds the literals that are in it; only rules whose literals or codes are there are tried, in
 * order. Immutable once built: any number of threads may use it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "classifier/language/rules.h"
#include "classifier/language/step.h"

struct matcher;

/* `rules` (of struct rule *) is borrowed and outlives the matcher. */
struct matcher *matcher_new(const GPtrArray *rules);
void matcher_free(struct matcher *matcher);

/* The finds of one pass over a text. */
struct matcher_hits;

/* The first `length` bytes of `text`, which is in normal form (diagnostic.h) and is borrowed. */
struct matcher_hits *matcher_scan(const struct matcher *matcher, const char *text, size_t length);
void matcher_hits_free(struct matcher_hits *hits);

/* The DNS blocklist that the text names; a constant, NULL when it names none. */
const char *matcher_blocklist(const struct matcher_hits *hits);

/* Adds the codes of `facts` to what was found, so that rules without a pattern are tried, too. */
void matcher_take_codes(struct matcher_hits *hits, const struct scope_facts *facts);

/* The first rule that holds, NULL if none does. The rules that it tries are appended to
 * `steps` (of struct classifier_step *), unless that is NULL. */
const struct rule *matcher_first(struct matcher_hits *hits, const struct scope_facts *facts, GPtrArray *steps);

typedef struct matcher_hits MatcherHits;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MatcherHits, matcher_hits_free)
