#include "store/asking/pages.h"

#include "store/ledger/cursor.h"
#include "store/ledger/marks.h"
#include "store/ledger/row.h"

struct store_pages {
    struct store *store;
    struct store_filter filter; /* of what is left */
    gint64 now;
    struct connection *snapshot; /* that is held; NULL: each page has its own */
    bool limited;
    GArray *rows; /* of struct suppression */
    GStringChunk *strings;
    char *after; /* the last subject that was given, and its scope */
    char *after_scope;
};

struct store_pages *pages_new(struct store *store, const struct store_filter *filter, gint64 now)
{
    struct store_pages *pages = g_new0(struct store_pages, 1);

    pages->store = store;
    pages->filter = *filter;
    pages->limited = filter->limit != 0;
    pages->now = now;
    /* Room for one, so that no row is another thing than a failure, which is NULL. */
    pages->rows = g_array_sized_new(FALSE, FALSE, sizeof(struct suppression), 1);
    pages->strings = g_string_chunk_new(4096);
    return pages;
}

void pages_free(struct store_pages *pages)
{
    if (pages == NULL)
        return;
    if (pages->snapshot != NULL) {
        connection_rollback(pages->snapshot);
        connection_give_back(pages->store->connection, pages->snapshot);
    }
    g_array_unref(pages->rows);
    g_string_chunk_free(pages->strings);
    g_free(pages->after);
    g_free(pages->after_scope);
    g_free(pages);
}

bool pages_hold(struct store_pages *pages, struct store_position *position, GError **error)
{
    struct marks marks;

    g_assert(pages->snapshot == NULL);
    pages->snapshot = connection_reader(pages->store->connection, error);
    if (pages->snapshot == NULL || !connection_run(pages->snapshot, SQL_BEGIN_READING, error) ||
        !marks_read(pages->snapshot, &marks, error))
        return false;
    *position = (struct store_position){marks.events.last, marks.changes.last, marks.timeline};
    return true;
}

static bool read_rows(struct store_pages *pages, const struct store_filter *filter, GError **error)
{
    struct store_cursor *cursor =
        cursor_new_in(pages->store, pages->snapshot, CURSOR_SUPPRESSIONS, filter, pages->now, error);
    const struct query *query;
    GError *bad = NULL;

    if (cursor == NULL)
        return false;
    while ((query = cursor_next(cursor, CURSOR_SUPPRESSIONS, &bad)) != NULL) {
        struct suppression row;

        row_suppression(query, &row);
        row_keep_suppression(pages->strings, &row);
        g_array_append_val(pages->rows, row);
    }
    cursor_free(cursor);
    if (bad != NULL)
        g_propagate_error(error, bad);
    return bad == NULL;
}

static void go_on(struct store_pages *pages)
{
    const struct suppression *last = &g_array_index(pages->rows, struct suppression, pages->rows->len - 1);

    g_free(pages->after);
    g_free(pages->after_scope);
    pages->filter.after_subject = pages->after = g_strdup(last->subject);
    pages->filter.after_scope = pages->after_scope = g_strdup(last->scope);
    pages->filter.limit -= pages->limited ? pages->rows->len : 0;
}

const struct suppression *pages_next(struct store_pages *pages, guint size, guint *n, GError **error)
{
    struct store_filter filter = pages->filter;

    *n = 0;
    g_array_set_size(pages->rows, 0);
    g_string_chunk_clear(pages->strings);
    filter.limit = pages->limited ? MIN(filter.limit, size) : size;
    if (filter.limit > 0 && !read_rows(pages, &filter, error))
        return NULL;
    *n = pages->rows->len;
    if (*n > 0)
        go_on(pages);
    return (const struct suppression *)(const void *)pages->rows->data;
}
