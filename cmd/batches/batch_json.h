/* batch_json.h: the JSON of what a rollback, and the undoing of a batch, do: of one row an object, and the sums as
 * members of one, without its braces. `batch` is the name of the work; NULL: it has none. */
#pragma once

#include "cmd/batches/retraction.h"
#include "store/reversal.h"

void batch_json_sort(GString *out, const struct retraction_sort *sort);
void batch_json_revised(GString *out, const struct revision_listing *listing);
void batch_json_rollback(GString *out, const struct retraction_sums *sums, bool applied, const char *batch);

/* The entries that an undoing changes, by effect, and how many events it believes again. */
struct batch_undone {
    guint effects[REVERSAL_EFFECTS];
    gint64 events;
};
void batch_json_reversed(GString *out, const struct reversal_listing *listing);
void batch_json_undoing(GString *out, const struct batch_undone *undone, bool applied, const char *batch);
