/* progress.h: how far long work is, in a line of a terminal that is written again and again, and when it will be done.
 */
#pragma once

#include <glib.h>
#include <stdio.h>

struct progress;

/* Shows nothing if `stream` is no terminal. `doing` is borrowed: "adding". */
struct progress *progress_new(FILE *stream, const char *doing, guint64 all);
/* Clears the line. */
void progress_free(struct progress *progress);

/* `done` of all, at `now` (g_get_monotonic_time()). */
void progress_show(struct progress *progress, guint64 done, gint64 now);

/* "adding: 123000 of 1000000, 45000/s, 19 s left", `elapsed` microseconds after the start; the caller frees. */
char *progress_text(const char *doing, guint64 done, guint64 all, gint64 elapsed);

typedef struct progress Progress;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Progress, progress_free)
