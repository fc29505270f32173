/* lint.h: what is wrong with rules, or may be: bad syntax, unknown reasons, ids taken twice, patterns without literals
 * or that are not linear (all these refuse the file), examples that another rule decides, patterns that never decide
 * because earlier rules have all their texts. */
#pragma once

#include <glib.h>

#include "classifier/classifier.h"

/* Findings of char *, "NAME:LINE: what", in the order of the text; empty when all is well. With no sources the built-in
 * rules are looked at, else `sources` as they stand before the built-in ones. Owned by the caller (g_ptr_array_unref).
 */
GPtrArray *lint_rules(const struct classifier_source *sources, size_t n_sources);
