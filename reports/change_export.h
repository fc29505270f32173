/* change_export.h: changes of the suppression list as files for senders who have the list of a moment before. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include "store/tail.h"

enum change_export_format {
    CHANGE_EXPORT_CSV,  /* RFC 4180, with a header line */
    CHANGE_EXPORT_JSON, /* an object a line */
};

/* Writes the changes that `tail` gives up to `end`, in their order: those of entries that apply to the asker, by the
 * stream and the tenant that it names; NULL: all. */
bool change_export(struct store_tail *tail, const struct store_position *end, const struct store_asker *asker,
                   enum change_export_format format, FILE *out, GError **error);
