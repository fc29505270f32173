/* pattern_facts.h: what a pattern's tree tells: its expression, its cost, its literals, a sample. */
#pragma once

#include "classifier/language/pattern_tree.h"

/* The same as a regular expression for PCRE2. */
char *pattern_facts_expression(const struct pattern_node *root);

/* In how many ways it can match from one place, at the most. */
double pattern_facts_ways(const struct pattern_node *root);

/* Literals, one of which is in every match: NULL when there is no such set whose shortest has `min_length` bytes.
 * `companions` becomes another such set, of which every match has one too, NULL if there is none. */
GPtrArray *pattern_facts_literals(const struct pattern_node *root, size_t min_length, GPtrArray **companions);

char *pattern_facts_sample(const struct pattern_node *root, unsigned variant);
