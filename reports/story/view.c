#include "reports/story/view.h"

#include <string.h>

#include "store/entry_key.h"

enum { NEWEST_OF_ALL = 1000 }; /* among which a tenant's are looked for */

static bool is_own_stream(const struct question *question, const char *stream)
{
    return stream != NULL && question->tenants != NULL &&
           g_strcmp0(g_hash_table_lookup(question->tenants, stream), question->tenant) == 0;
}

bool view_owns(const struct question *question, const char *scope)
{
    struct entry_scope parsed;

    if (question->tenant == NULL)
        return true;
    if (!entry_scope_parse(scope, &parsed) || parsed.kind == ENTRY_SCOPE_ALL)
        return false;
    return parsed.kind == ENTRY_SCOPE_TENANT ? strcmp(parsed.name, question->tenant) == 0
                                             : is_own_stream(question, parsed.name);
}

bool view_applies(const struct question *question, const char *scope)
{
    return view_owns(question, scope) || strcmp(scope, "all") == 0;
}

bool view_shows(const struct question *question, const struct stored_event *row)
{
    return question->tenant == NULL || g_strcmp0(row->tenant, question->tenant) == 0 ||
           is_own_stream(question, row->event.stream) || view_owns(question, row->scope);
}

void view_hide(const struct question *question, struct suppression *row)
{
    if (view_owns(question, row->scope))
        return;
    row->stream = NULL;
    row->who = NULL;
    row->note = NULL;
    row->batch = NULL;
}

bool view_next_entry(const struct question *question, struct store_cursor *cursor, struct suppression *row,
                     GError **error)
{
    if (!store_next_suppression(cursor, row, error))
        return false;
    view_hide(question, row);
    return true;
}

bool view_next_event(const struct question *question, struct store_cursor *cursor, struct stored_event *row,
                     GError **error)
{
    while (store_next_event(cursor, row, error)) {
        if (view_shows(question, row))
            return true;
    }
    return false;
}

bool view_next_change(const struct question *question, struct store_cursor *cursor, struct change *row, GError **error)
{
    while (store_next_change(cursor, row, error)) {
        if (view_owns(question, row->scope))
            return true;
    }
    return false;
}

struct store_cursor *view_events(const struct question *question, GError **error)
{
    gint64 newest = question->tenant != NULL ? NEWEST_OF_ALL : QUESTION_NEWEST;
    const struct store_filter filter = {.recipient = question->address, .limit = question->all ? 0 : newest};

    return store_events(question->store, &filter, error);
}

bool view_count(const struct question *question, gint64 *n, GError **error)
{
    *n = -1;
    return question->tenant != NULL || store_count_events(question->store, question->address, n, error);
}

GPtrArray *view_outlooks(const struct question *question, GError **error)
{
    GPtrArray *outlooks = store_outlooks(question->store, question->address, question->now, error);

    for (guint i = outlooks != NULL ? outlooks->len : 0; i > 0; i--) {
        if (!view_owns(question, ((const struct outlook *)outlooks->pdata[i - 1])->scope))
            g_ptr_array_remove_index(outlooks, i - 1);
    }
    return outlooks;
}
