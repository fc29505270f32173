/* haul_sums.h: what became of the rows of a list that was imported, in numbers. */
#pragma once

#include <glib.h>

#include "store/import.h"

struct haul_sums {
    guint64 outcomes[IMPORT_OUTCOMES];
    guint64 duplicates; /* rows about an entry that stood in the list before, and changed nothing */
    guint64 rejected;
    guint64 unknown; /* opt-outs of a list at the provider that is no stream of ours */
};

/* One of the numbers. */
struct haul_sum {
    const char *name; /* in JSON */
    const char *words;
    size_t offset; /* of the guint64 in struct haul_sums */
};
/* Ends with a row whose name is NULL. */
extern const struct haul_sum haul_sum_rows[];

guint64 haul_sums_number(const struct haul_sums *sums, const struct haul_sum *row);

/* Appends the members of a JSON object, without its braces: "added":1,... `batch` is the name of the work; NULL: it was
 * only tried. */
void haul_sums_json(GString *out, const struct haul_sums *sums, const char *batch);
