/* rejects.h: the rows of a list that were not taken: counted, the first told on standard error, and all of them kept in
 * a file, CSV with a line number, a reason and the row as it stood. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

struct rejects;

/* `name` is the list's, for messages; `path` the file's, NULL: none. Both are borrowed. NULL and an error if it cannot
 * be written. */
struct rejects *rejects_new(const char *name, const char *path, GError **error);
void rejects_free(struct rejects *rejects);

void rejects_add(struct rejects *rejects, guint64 line, const char *fault, struct span text);
guint64 rejects_count(const struct rejects *rejects);

/* Puts the file in its place; false if it cannot be written. */
bool rejects_commit(struct rejects *rejects, GError **error);

typedef struct rejects Rejects;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rejects, rejects_free)
