/* replacement.h: a file that takes another's place all at once: written beside it, flushed to disk, then renamed. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

struct replacement;

/* Of `path`, whose mode is kept when it is there; what is no regular file, such as /dev/stdout, is written straight.
 * NULL and an error when it, or its directory, cannot be written. */
struct replacement *replacement_new(const char *path, GError **error);
FILE *replacement_stream(struct replacement *replacement);
/* Puts it in its place; false leaves the old file as it was. */
bool replacement_commit(struct replacement *replacement, GError **error);
/* Without a commit what was written is thrown away. */
void replacement_free(struct replacement *replacement);

typedef struct replacement Replacement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Replacement, replacement_free)
