/* batch.h: the names of work on many entries, by which the log has it and it can be undone, and what the log says of
 * it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* A new name, "20261128T221501Z-5f3a": when, and a number against another one in the same second. The caller frees. */
char *batch_name(gint64 now);
/* May a person name work so? It takes 1 to 64 letters, digits, "-", "_" and ".", since commands and messages have it.
 */
bool batch_name_is_good(const char *name);

/* The note of a rollback, and of the undoing of the batch `undone`, with the operator's own. `run` is that of ingest
 * which is rolled back as a whole; NULL: what a filter selects. The caller frees. */
char *batch_note_of_rollback(const char *run, const char *note);
char *batch_note_of_undoing(const char *undone, const char *note);
