#include "reports/story/view.h"

#include <string.h>

enum { NEWEST_OF_ALL = 1000 }; /* among which a tenant's are looked for */

bool view_applies(const struct question *question, const char *scope)
{
    return audience_owns(&question->audience, scope) || strcmp(scope, "all") == 0;
}

bool view_next_entry(const struct question *question, struct store_cursor *cursor, struct suppression *row,
                     GError **error)
{
    if (!store_next_suppression(cursor, row, error))
        return false;
    audience_hide(&question->audience, row);
    return true;
}

bool view_next_event(const struct question *question, struct store_cursor *cursor, struct stored_event *row,
                     GError **error)
{
    while (store_next_event(cursor, row, error)) {
        if (audience_hears(&question->audience, row)) {
            audience_hide_event(&question->audience, row);
            return true;
        }
    }
    return false;
}

bool view_next_change(const struct question *question, struct store_cursor *cursor, struct change *row, GError **error)
{
    while (store_next_change(cursor, row, error)) {
        if (audience_owns(&question->audience, row->scope))
            return true;
    }
    return false;
}

struct store_cursor *view_events(const struct question *question, GError **error)
{
    gint64 newest = question->audience.tenant != NULL ? NEWEST_OF_ALL : QUESTION_NEWEST;
    const struct store_filter filter = {.recipient = question->address, .limit = question->all ? 0 : newest};

    return store_events(question->store, &filter, error);
}

bool view_count(const struct question *question, gint64 *n, GError **error)
{
    *n = -1;
    return question->audience.tenant != NULL || store_count_events(question->store, question->address, n, error);
}

GPtrArray *view_outlooks(const struct question *question, GError **error)
{
    GPtrArray *outlooks = store_outlooks(question->store, question->address, question->now, error);

    for (guint i = outlooks != NULL ? outlooks->len : 0; i > 0; i--) {
        if (!audience_owns(&question->audience, ((const struct outlook *)outlooks->pdata[i - 1])->scope))
            g_ptr_array_remove_index(outlooks, i - 1);
    }
    return outlooks;
}
