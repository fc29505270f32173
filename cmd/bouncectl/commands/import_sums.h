/* import_sums.h: what became of the rows of a list, in numbers. */
#pragma once

#include "cmd/bouncectl/display/output.h"
#include "store/import.h"

struct import_sums {
    guint64 outcomes[IMPORT_OUTCOMES];
    guint64 duplicates; /* rows about an entry that stood in the list before, and changed nothing */
    guint64 rejected;
    guint64 unknown; /* opt-outs of a list at the provider that is no stream of ours */
};

/* `batch` is the name of the work; NULL: nothing was to be done. */
void import_sums_print(const struct import_sums *sums, const struct output *output, const char *batch);
