#include "store/revision.h"

#include "store/ledger/cursor.h"
#include "store/ledger/row.h"
#include "store/replaying/correction.h"
#include "store/undoing/image.h"

struct revision {
    struct store *store;
    struct store_cursor *cursor;
    struct revised present; /* the event that was given last */
    GArray *revised;        /* sorted by recipient and id before the first address */
    GArray *listings;
    GStringChunk *strings;
    guint done;
    bool sorted;
};

struct revision *revision_new(struct store *store, const struct store_filter *filter, GError **error)
{
    struct revision *revision = g_new0(struct revision, 1);

    revision->store = store;
    revision->revised = g_array_new(FALSE, FALSE, sizeof(struct revised));
    revision->listings = g_array_new(FALSE, FALSE, sizeof(struct revision_listing));
    revision->strings = g_string_chunk_new(4096);
    revision->cursor = store_events(store, filter, error);
    if (revision->cursor != NULL)
        return revision;
    revision_free(revision);
    return NULL;
}

bool revision_has_batch(struct store *store, const char *batch, bool *found, GError **error)
{
    struct query query = query_new(store->connection, SQL_BATCH);

    query_text(&query, batch);
    if (!query_step(&query, found, error))
        return false;
    query_end(&query);
    return true;
}

void revision_free(struct revision *revision)
{
    if (revision == NULL)
        return;
    store_cursor_free(revision->cursor);
    g_array_unref(revision->revised);
    g_array_unref(revision->listings);
    g_string_chunk_free(revision->strings);
    g_free(revision);
}

bool revision_next(struct revision *revision, struct stored_event *row, GError **error)
{
    const struct query *query = cursor_next(revision->cursor, CURSOR_EVENTS, error);

    if (query == NULL)
        return false;
    revision->present.id = row_event(query, row);
    revision->present.recipient = row->event.recipient;
    return true;
}

static void add_revised(struct revision *revision, struct revised revised)
{
    const char *recipient = revision->present.recipient;

    revised.id = revision->present.id;
    if (recipient != NULL)
        revised.recipient = g_string_chunk_insert_const(revision->strings, recipient);
    g_array_append_val(revision->revised, revised);
    revision->sorted = false;
}

void revision_judge(struct revision *revision, const struct verdict *verdict)
{
    add_revised(revision, (struct revised){.verdict = *verdict});
}

void revision_prove(struct revision *revision)
{
    add_revised(revision, (struct revised){.proof = ""});
}

void revision_doubt(struct revision *revision)
{
    add_revised(revision, (struct revised){.doubted = true});
}

guint revision_left(const struct revision *revision)
{
    return revision->revised->len - revision->done;
}

const struct revision_listing *revision_listings(const struct revision *revision, guint *n)
{
    *n = revision->listings->len;
    return (const struct revision_listing *)(const void *)revision->listings->data;
}

void revision_forget_listings(struct revision *revision)
{
    g_array_set_size(revision->listings, 0);
}

void revision_move(struct revision *revision, struct store *store)
{
    g_clear_pointer(&revision->cursor, store_cursor_free);
    revision->store = store;
}

/* --- going through them ------------------------------------------------------------------------------------------- */

static int compare(gconstpointer a, gconstpointer b)
{
    const struct revised *one = a, *other = b;
    int by_recipient = 0;

    if (one->recipient != NULL && other->recipient != NULL)
        by_recipient = g_ascii_strcasecmp(one->recipient, other->recipient);
    else if (one->recipient != other->recipient)
        by_recipient = one->recipient == NULL ? -1 : 1;
    if (by_recipient != 0)
        return by_recipient;
    return (one->id > other->id) - (one->id < other->id);
}

static bool same_address(const struct revised *one, const struct revised *other)
{
    return one->recipient != NULL && other->recipient != NULL &&
           g_ascii_strcasecmp(one->recipient, other->recipient) == 0;
}

/* The next address, or one event of an unknown one. */
static bool take_next(struct revision *revision, const struct revision_order *order, gint64 now, gint64 batch,
                      GError **error)
{
    const struct revised *revised = &g_array_index(revision->revised, struct revised, revision->done);
    struct correction correction = {revision->store, order, revised, 1, now, batch};
    guint left = revision_left(revision);

    while (correction.n < left && same_address(revised, &revised[correction.n]))
        correction.n++;
    if (!correction_run(&correction, revision->listings, revision->strings, error))
        return false;
    revision->done += correction.n;
    return true;
}

static bool take_some(struct revision *revision, const struct revision_order *order, gint64 now, guint limit,
                      GError **error)
{
    guint until = revision->done + MIN(limit, revision_left(revision));
    gint64 batch = 0;

    if (order != NULL) {
        const struct list_cause cause = {
            .who = order->who, .note = order->note, .batch = order->batch, .now = order->now};
        if (!image_batch(revision->store->connection, &cause, &batch, error))
            return false;
    }

    /* An open cursor would keep the write-ahead log from being used again. */
    g_clear_pointer(&revision->cursor, store_cursor_free);
    if (!revision->sorted)
        g_array_sort(revision->revised, compare);
    revision->sorted = true;
    while (revision->done < until) {
        if (!take_next(revision, order, now, batch, error))
            return false;
    }
    return true;
}

bool revision_preview(struct revision *revision, gint64 now, guint limit, GError **error)
{
    return take_some(revision, NULL, now, limit, error);
}

bool revision_apply(struct revision *revision, const struct revision_order *order, guint limit, GError **error)
{
    guint done = revision->done, listings = revision->listings->len;

    if (!store_begin(revision->store, error))
        return false;
    if (!take_some(revision, order, order->now, limit, error))
        store_rollback(revision->store);
    else if (store_commit(revision->store, error))
        return true;
    revision->done = done;
    g_array_set_size(revision->listings, listings);
    return false;
}
