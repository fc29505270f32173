/* event_page.h: the events again, by pages, in the order in which they were received: for those who must not hold
 * others up, whatever they ask for. A page looks at so many rows at most, and says of each whether it is meant. */
#pragma once

#include "store/store.h"

/* Behind an event that was given. All 0: before the first one. */
struct event_place {
    gint64 received;
    gint64 id; /* grows, never used again; never to be shown as such */
};

/* `rows` events behind the place, within the filter's times; of its recipient alone if it has one. Its other conditions
 * are looked at, but leave nothing out. No limit, no batch. */
struct store_cursor *store_event_page(struct store *store, const struct store_filter *filter,
                                      const struct event_place *after, guint rows, GError **error);
/* The next one. `*meant`: the conditions hold. `place` is behind it. */
bool store_next_of_page(struct store_cursor *cursor, struct stored_event *row, bool *meant, struct event_place *place,
                        GError **error);
