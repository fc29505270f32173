/* replacement.h: a file that takes another's place all at once: written beside it, flushed to disk, then renamed. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct replacement;

/* Of `path`. It has the mode of the file that is there, `fresh` if there is none (0: by umask, of a
 * program without threads), or `mode` when that is not 0. Anything but a regular file, such as /dev/stdout, is written
 * straight. NULL and an error when it, or its directory, cannot be written. */
struct replacement *replacement_new(const char *path, mode_t mode, mode_t fresh, GError **error);
FILE *replacement_stream(struct replacement *replacement);
/* The file that is written now, for a library that opens it itself; NULL of what is written straight. */
const char *replacement_path(const struct replacement *replacement);
/* Puts it in its place; false leaves the old file as it was. */
bool replacement_commit(struct replacement *replacement, GError **error);
/* Without a commit what was written is thrown away. */
void replacement_free(struct replacement *replacement);

/* Removes what processes left beside `path` that were killed while they wrote it. Not while somebody writes it. */
void replacement_sweep(const char *path);

typedef struct replacement Replacement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Replacement, replacement_free)
