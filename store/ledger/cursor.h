/* cursor.h: goes through what the store holds by a filter, on a connection of its own, as it was when the cursor was
 * made. Internal to store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/stored.h"

/* The rows that it goes through. */
enum cursor_kind {
    CURSOR_SUPPRESSIONS,
    CURSOR_EVENTS,
    CURSOR_CHANGES,
    CURSOR_COUNTERS,
    CURSOR_OUTBOX,
    CURSOR_EVENT_PAGE,   /* for event_page.h */
    CURSOR_EVENTS_AFTER, /* an id: `filter->after`; these are for tail.h */
    CURSOR_LAST_EVENTS,  /* one row: where the last `filter->limit` begin, and how many they are */
    CURSOR_LAST_CHANGES,
};

struct store_cursor;

/* `now` is when a suppression must hold to be given; the other kinds do not look at it. */
struct store_cursor *cursor_new(struct store *store, enum cursor_kind kind, const struct store_filter *filter,
                                gint64 now, GError **error);
void cursor_free(struct store_cursor *cursor);

/* The same of the snapshot that a connection of connection_reader() holds, which is borrowed: one cursor of a kind at a
 * time. */
struct store_cursor *cursor_new_in(struct store *store, struct connection *snapshot, enum cursor_kind kind,
                                   const struct store_filter *filter, gint64 now, GError **error);

/* The next row of a cursor of this kind, to be read by row.h; NULL at the end, or with an error. */
const struct query *cursor_next(struct store_cursor *cursor, enum cursor_kind kind, GError **error);
