/* pile.h: entries that wait until they are taken into the store: in the order of the list, so that it touches each page
 * once, and each with whether it stood in the file before. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/stored.h"

struct pile;

struct pile *pile_new(void);
void pile_free(struct pile *pile);

/* Copies an entry; false if there is no room, and it must be emptied first. */
bool pile_add(struct pile *pile, const struct suppression *entry);
/* The entries, `*n` of them, in order; of several of one subject and scope in the order that they came in. They live
 * until the pile changes. */
const struct suppression *pile_sort(struct pile *pile, guint *n);
void pile_empty(struct pile *pile);

/* Was the entry's key seen before, also before the pile was emptied? Counts only: two keys may be taken for one. */
bool pile_seen(struct pile *pile, const struct suppression *entry);

typedef struct pile Pile;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pile, pile_free)
