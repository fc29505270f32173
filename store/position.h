/* position.h: how far somebody is through what comes into a store, events and changes (tail.h). Its text is the cursor
 * that clients keep, which says nothing to them.
 *
 * Numbers of rows are never used again, not even when the last ones are erased, so a position stays good. Nobody
 * misses what store_forget() erased; but one who is behind what was dropped since it was old has missed something:
 * STORE_ERROR_GONE. So it is with a position of another database, or of what was there before a backup was put in its
 * place: such a client has to take the whole list, and goes on from where that was read. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/error.h"

struct store;

/* All 0 is the beginning of what is kept, which is never gone. */
struct store_position {
    gint64 event;    /* he has all events up to this id, ... */
    gint64 change;   /* ... and all changes up to this sequence number */
    gint64 timeline; /* of the database; a restored one begins another */
};

/* Behind all that is there. */
bool store_position_end(struct store *store, struct store_position *position, GError **error);
/* Before what came at `time` or later and is kept. Changes are gone through for it: that takes a second for some
 * millions. */
bool store_position_since(struct store *store, gint64 time, struct store_position *position, GError **error);

bool store_position_same(const struct store_position *one, const struct store_position *other);

/* POSITION_TEXT letters, digits, "-" and "_"; the caller frees. */
enum { POSITION_TEXT = 28 };
char *store_position_format(const struct store_position *position);
/* False if it is not the text of a position, to the letter. */
bool store_position_parse(const char *text, struct store_position *position);
