/* screen.h: says of most subjects that are not on the list that they are not, from memory, for a store that is asked
 * for long. It has read the list once, in pieces, and follows the log of changes: it knows what any process has
 * committed before a question. An entry that goes off the list it still takes for listed, until it is made anew,
 * larger. Internal to store/. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/sqlite/connection.h"

struct screen;

/* For the database of `connection`, which only reads; borrowed. */
struct screen *screen_new(struct connection *connection);
void screen_free(struct screen *screen);

/* Before questions: all that was committed until now counts. A snapshot of the database is read by until
 * screen_release(), or until somebody has committed; while nobody does, this costs no system call. `*renewed`: it is
 * another one than before. */
bool screen_begin(struct screen *screen, bool *renewed, GError **error);
/* Is nothing of `subject`, folded, on the list? False when it does not know. After screen_begin(). */
bool screen_clears(const struct screen *screen, const char *subject, gsize length);

/* Ends the snapshot: the write-ahead log would grow for as long as one is held. */
void screen_release(struct screen *screen);
/* Reads on, `limit` rows at most: `*more` until it is whole. Ends the snapshot, too. */
bool screen_advance(struct screen *screen, unsigned limit, bool *more, GError **error);

typedef struct screen Screen;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Screen, screen_free)
