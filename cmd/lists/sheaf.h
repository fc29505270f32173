/* sheaf.h: entries in order, more than are to be in memory: written to a file that has no name, in $TMPDIR, and read
 * back one by one. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/stored.h"

struct sheaf;

struct sheaf *sheaf_new(const struct suppression *entries, guint n, GError **error);
void sheaf_free(struct sheaf *sheaf);

/* The next one, whose texts live until the next call; `*found` is false at the end. */
bool sheaf_next(struct sheaf *sheaf, struct suppression *entry, bool *found, GError **error);

/* The texts of an entry: where they are in it, and whether many entries have the same. */
struct sheaf_text {
    size_t member;
    bool shared;
};
enum { SHEAF_TEXTS = 9 };
extern const struct sheaf_text sheaf_texts[SHEAF_TEXTS];

typedef struct sheaf Sheaf;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sheaf, sheaf_free)
