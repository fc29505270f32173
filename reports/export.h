/* export.h: the suppression list as files for senders: CSV (RFC 4180, with a header line), JSON (one object a line) and
 * text (one address a line). */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include "store/store.h"

enum export_format { EXPORT_CSV, EXPORT_JSON, EXPORT_TEXT };
extern const char *const export_format_names[];

/* Writes all rows of `pages` to `out`, which may stand still for long, as a pipe does; false when the store or `out`
 * fails. */
bool export_suppressions(struct store_pages *pages, enum export_format format, FILE *out, GError **error);
