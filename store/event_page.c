#include "store/event_page.h"

#include "store/ledger/cursor.h"
#include "store/ledger/row.h"

struct store_cursor *store_event_page(struct store *store, const struct store_filter *filter,
                                      const struct event_place *after, guint rows, GError **error)
{
    struct store_filter page = *filter;

    page.limit = rows;
    page.after = 0;
    if (after->received >= filter->since) {
        page.since = after->received;
        page.after = after->id;
    }
    return cursor_new(store, CURSOR_EVENT_PAGE, &page, 0, error);
}

bool store_next_of_page(struct store_cursor *cursor, struct stored_event *row, bool *meant, struct event_place *place,
                        GError **error)
{
    const struct query *query = cursor_next(cursor, CURSOR_EVENT_PAGE, error);

    if (query == NULL)
        return false;
    place->id = row_event_of_page(query, row, meant);
    place->received = row->received;
    return true;
}
