/* listing.h: entries of the suppression list as the operator sees them: a table, plain lines or JSON. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bouncectl/display/table.h"
#include "store/store.h"

/* Addresses with * and ? in them, compared as the store compares addresses: without regard to the case of ASCII
 * letters, the domain as A-labels where no wildcard is in it. The caller frees. */
GPatternSpec *listing_pattern(const char *text);
bool listing_matches(const GPatternSpec *pattern, const char *address);

extern const struct table_column listing_columns[];

/* Prints all rows of all pages, and counts them; with `pattern` only those whose address it matches. False when the
 * store fails. */
bool listing_print(const struct output *output, struct store_pages *pages, const GPatternSpec *pattern,
                   guint64 *printed, GError **error);

/* One entry, in a sentence: "since 2026-11-22 09:30, for good: user_unknown". The caller frees. */
char *listing_sentence(const struct suppression *entry);
