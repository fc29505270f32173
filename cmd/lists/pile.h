/* pile.h: entries of a file on their way into the store: in the order of the list, so that it touches each page once,
 * and each with whether it stood in the file before. Those that there is no room for wait in temporary files. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/stored.h"

struct pile;

struct pile *pile_new(void);
void pile_free(struct pile *pile);

/* Copies an entry, whose scope is as entry_scope_key() gives it then, and its wave none. */
bool pile_add(struct pile *pile, const struct suppression *entry, GError **error);
/* How many were added. */
guint64 pile_count(const struct pile *pile);

/* An entry, and whether one of its subject and scope came before. */
struct pile_entries {
    const struct suppression *entries;
    const bool *again;
    guint n;
};

/* The next ones, at most `most`, once all were added: of several of one subject and scope in the order that they came
 * in. None at the end. They live until the next call. */
bool pile_take(struct pile *pile, guint most, struct pile_entries *taken, GError **error);

typedef struct pile Pile;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pile, pile_free)
