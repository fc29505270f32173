/* walk.h: the files that the paths of a command line name: a file is itself, a directory stands for the files below it,
 * a maildir for what is in its cur and new. Sorted by name, so that two runs say the same. */
#pragma once

#include <glib.h>

struct walk;

/* `paths` (NULL-terminated) is borrowed. */
struct walk *walk_new(const char *const *paths);
void walk_free(struct walk *walk);

/* The next file, "-" for standard input; it lives until the next call. Below a directory hidden names, symbolic links
 * to directories and what is no regular file are left out. NULL at the end; NULL and an error when one path cannot be
 * read: the walk goes on with the next. */
const char *walk_next(struct walk *walk, GError **error);

typedef struct walk Walk;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Walk, walk_free)
