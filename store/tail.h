/* tail.h: what comes into a store, events and changes, in the order in which it comes. It is read in batches, and
 * between two of them nothing of the database is held. */
#pragma once

#include "store/position.h"
#include "store/store.h"

/* Has anybody committed anything since this was asked with `mark`, or may somebody have? It costs next to nothing to
 * ask. All 0 is a mark of nothing. */
struct store_mark {
    guint8 octets[48];
    bool known;
};
bool store_stirred(const struct store *store, struct store_mark *mark);

struct store_tail;

struct store_tail_settings {
    const struct store_filter *filter; /* borrowed; of events and changes; no `after` and no `limit` */
    bool events;
    bool changes;
    const struct store_position *position; /* begins behind it; NULL: behind all that is there, ... */
    gint64 before;                         /* ... or with so many of them */
};

/* One of both. Its strings live until the next step. */
struct store_tail_item {
    const struct stored_event *event; /* NULL: a change */
    const struct change *change;
    gint64 number; /* of its row, among events or changes: for ids, and never to be shown */
};

/* STORE_ERROR_GONE if what follows the position is not kept any more, of the sides that are wanted. */
struct store_tail *store_tail_new(struct store *store, const struct store_tail_settings *settings, GError **error);
void store_tail_free(struct store_tail *tail);

/* May there be more than it has given? It costs next to nothing to ask. */
bool store_tail_stirred(const struct store_tail *tail);

/* The next item; false at the end of a batch, or with an error: the next call begins a batch behind what was given. A
 * change comes behind the event that caused it. A caller that is long about a batch holds the write-ahead log up.
 * STORE_ERROR_GONE if it was so slow that what it has not given was dropped. */
bool store_tail_next(struct store_tail *tail, struct store_tail_item *item, GError **error);

/* Behind what was given last: who begins there gets all that follows, and nothing twice. At the end of a batch it is
 * behind all that the filter left out, too. */
void store_tail_position(const struct store_tail *tail, struct store_position *position);

typedef struct store_tail StoreTail;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreTail, store_tail_free)
