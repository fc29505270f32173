/* walk.h: the files that the paths of a command line name: a file is itself, a directory stands for the files below it,
 * a maildir for what is in its cur and new. Sorted by name, so that two runs say the same. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct walk;

#define WALK_ERROR (walk_error_quark())
GQuark walk_error_quark(void);
enum walk_error { WALK_ERROR_LEFT_OUT };

/* `paths` (NULL-terminated) is borrowed. */
struct walk *walk_new(const char *const *paths);
void walk_free(struct walk *walk);

/* The next file, "-" for standard input; it lives until the next call. Below a directory hidden names are left out, and
 * so are symbolic links, FIFOs and what else is no regular file, each with WALK_ERROR_LEFT_OUT: whoever delivers into a
 * maildir does not choose what is read. NULL at the end; NULL and an error when one path cannot be read: the walk goes
 * on with the next. */
const char *walk_next(struct walk *walk, GError **error);

/* Was that file found below a directory? Else it was named, and may be of any kind. */
bool walk_found(const struct walk *walk);

typedef struct walk Walk;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Walk, walk_free)
