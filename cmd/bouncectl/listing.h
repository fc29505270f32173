/* listing.h: entries of the suppression list as the operator sees them: a table, plain lines or JSON. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bouncectl/output.h"
#include "store/store.h"

/* Prints all rows of a cursor of store_suppressions(); with `pattern` only those whose address it matches. False when
 * the store fails. */
bool listing_print(const struct output *output, struct store_cursor *cursor, const GPatternSpec *pattern,
                   GError **error);

/* One entry, in a sentence: "since 2026-11-22 09:30, for good: user_unknown". The caller frees. */
char *listing_sentence(const struct suppression *entry);
