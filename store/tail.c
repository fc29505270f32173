#include "store/tail.h"

#include <string.h>

#include "store/ledger/cursor.h"
#include "store/ledger/marks.h"
#include "store/ledger/row.h"

enum { BATCH = 1000 };

/* --- whether there is anything ------------------------------------------------------------------------------------ */

bool store_stirred(const struct store *store, struct store_mark *mark)
{
    struct commit_mark before, now;

    G_STATIC_ASSERT(sizeof mark->octets == sizeof before.header);
    memcpy(before.header, mark->octets, sizeof before.header);
    bool known = connection_mark(store->connection, &now);
    bool stirred = !known || !mark->known || !commit_mark_same(&before, &now);
    mark->known = known;
    if (known)
        memcpy(mark->octets, now.header, sizeof now.header);
    return stirred;
}

/* Events or changes. */
struct side {
    bool wanted;
    enum cursor_kind kind;
    struct store_cursor *cursor; /* of the batch that is open */
    gint64 after;                /* the number of the last one that was given */
    guint n;                     /* of the batch */
    bool row;                    /* there is one that was not given */
    gint64 number;               /* its */
    struct marks_side marks;     /* as the batch began */
};

struct store_tail {
    struct store *store;
    struct store_filter filter;
    struct side events, changes;
    gint64 timeline;
    struct connection *snapshot; /* of the batch that is open */
    struct stored_event event;
    struct change change;
    GString *digest, *recipient; /* of the event that was given last */
    gint64 skip;                 /* so many are not given */
    struct commit_mark mark;     /* as a batch began */
    bool marked;
};

/* --- where it begins ---------------------------------------------------------------------------------------------- */

static void set_marks(struct store_tail *tail, const struct marks *marks)
{
    tail->events.marks = marks->events;
    tail->changes.marks = marks->changes;
    tail->timeline = marks->timeline;
}

/* Goes back to the last `before` of a side. */
static bool go_back(struct store_tail *tail, struct side *side, enum cursor_kind last, gint64 before, GError **error)
{
    struct store_filter filter = tail->filter;
    GError *bad = NULL;

    if (before == 0 || !side->wanted)
        return true;
    filter.limit = before;
    g_autoptr(StoreCursor) cursor = cursor_new(tail->store, last, &filter, 0, error);
    if (cursor == NULL)
        return false;
    const struct query *query = cursor_next(cursor, last, &bad);
    if (query != NULL && query_number_at(query, 1) > 0) {
        side->after = query_number_at(query, 0) - 1;
        tail->skip += query_number_at(query, 1);
    }
    if (bad != NULL)
        g_propagate_error(error, bad);
    return bad == NULL;
}

static bool start_before(struct store_tail *tail, gint64 before, GError **error)
{
    tail->events.after = tail->events.marks.last;
    tail->changes.after = tail->changes.marks.last;
    if (!go_back(tail, &tail->events, CURSOR_LAST_EVENTS, before, error) ||
        !go_back(tail, &tail->changes, CURSOR_LAST_CHANGES, before, error))
        return false;
    tail->skip = MAX(tail->skip - before, 0);
    return true;
}

static bool is_gone(const struct side *side)
{
    return side->wanted && (side->after < side->marks.dropped || side->after > side->marks.last);
}

static bool check(const struct store_tail *tail, GError **error)
{
    if (!is_gone(&tail->events) && !is_gone(&tail->changes))
        return true;
    g_set_error(error, STORE_ERROR, STORE_ERROR_GONE, "what follows the position is not kept any more");
    return false;
}

static void remember(struct store_tail *tail, const struct stored_event *event)
{
    g_string_assign(tail->digest, event->digest != NULL ? event->digest : "");
    g_string_assign(tail->recipient, event->event.recipient != NULL ? event->event.recipient : "");
}

static bool recall_by(struct store_tail *tail, struct connection *reader, gint64 id, GError **error)
{
    struct query query = query_new(reader, SQL_EVENT);
    bool row;

    query_number(&query, id);
    if (!query_step(&query, &row, error))
        return false;
    if (!row)
        return true;
    row_event(&query, &tail->event);
    remember(tail, &tail->event);
    query_end(&query);
    return true;
}

/* The event that it begins behind, if it is there: changes by it may be to come. The connection itself may hold a
 * snapshot that is older. */
static bool recall(struct store_tail *tail, gint64 id, GError **error)
{
    struct connection *reader = connection_reader(tail->store->connection, error);

    if (reader == NULL)
        return false;
    bool good = recall_by(tail, reader, id, error);
    connection_give_back(tail->store->connection, reader);
    return good;
}

static bool start_behind(struct store_tail *tail, const struct store_position *position, GError **error)
{
    if (position->event == 0 && position->change == 0 && position->timeline == 0) {
        tail->events.after = tail->events.marks.dropped;
        tail->changes.after = tail->changes.marks.dropped;
        return true;
    }
    tail->events.after = position->event;
    tail->changes.after = position->change;
    if (position->timeline == tail->timeline)
        return check(tail, error) && recall(tail, position->event, error);
    g_set_error(error, STORE_ERROR, STORE_ERROR_GONE, "the position is of another database");
    return false;
}

static bool start(struct store_tail *tail, const struct store_tail_settings *settings, GError **error)
{
    struct marks marks;

    if (!marks_read_now(tail->store->connection, &marks, error))
        return false;
    set_marks(tail, &marks);
    return settings->position != NULL ? start_behind(tail, settings->position, error)
                                      : start_before(tail, settings->before, error);
}

struct store_tail *store_tail_new(struct store *store, const struct store_tail_settings *settings, GError **error)
{
    struct store_tail *tail = g_new0(struct store_tail, 1);

    tail->store = store;
    tail->filter = *settings->filter;
    tail->events = (struct side){.wanted = settings->events, .kind = CURSOR_EVENTS_AFTER};
    tail->changes = (struct side){.wanted = settings->changes, .kind = CURSOR_CHANGES};
    tail->digest = g_string_new(NULL);
    tail->recipient = g_string_new(NULL);
    if (start(tail, settings, error))
        return tail;
    store_tail_free(tail);
    return NULL;
}

/* --- a batch ------------------------------------------------------------------------------------------------------ */

static void close_side(struct side *side)
{
    store_cursor_free(side->cursor);
    side->cursor = NULL;
    side->row = false;
}

static void close_batch(struct store_tail *tail)
{
    close_side(&tail->events);
    close_side(&tail->changes);
    if (tail->snapshot == NULL)
        return;
    connection_rollback(tail->snapshot);
    connection_give_back(tail->store->connection, tail->snapshot);
    tail->snapshot = NULL;
}

void store_tail_free(struct store_tail *tail)
{
    if (tail == NULL)
        return;
    close_batch(tail);
    g_string_free(tail->digest, TRUE);
    g_string_free(tail->recipient, TRUE);
    g_free(tail);
}

static bool open_side(struct store_tail *tail, struct side *side, GError **error)
{
    struct store_filter filter = tail->filter;

    side->n = 0;
    if (!side->wanted)
        return true;
    filter.after = side->after;
    filter.limit = BATCH;
    side->cursor = cursor_new_in(tail->store, tail->snapshot, side->kind, &filter, 0, error);
    return side->cursor != NULL;
}

static bool begin_batch(struct store_tail *tail, GError **error)
{
    struct marks marks;

    if (!connection_run(tail->snapshot, SQL_BEGIN_READING, error) || !marks_read(tail->snapshot, &marks, error))
        return false;
    set_marks(tail, &marks);
    return check(tail, error) && open_side(tail, &tail->changes, error) && open_side(tail, &tail->events, error);
}

/* All of it is of one moment, and all that is committed after the commit mark was read is seen by the next batch. */
static bool open_batch(struct store_tail *tail, GError **error)
{
    tail->marked = connection_mark(tail->store->connection, &tail->mark);
    tail->snapshot = connection_reader(tail->store->connection, error);
    if (tail->snapshot != NULL && begin_batch(tail, error))
        return true;
    tail->marked = false;
    close_batch(tail);
    return false;
}

/* Reads the row that is to come of a side, if it has none. False with an error. */
static bool look(struct store_tail *tail, struct side *side, GError **error)
{
    GError *bad = NULL;

    if (side->row || side->cursor == NULL)
        return true;
    const struct query *query = cursor_next(side->cursor, side->kind, &bad);
    if (bad != NULL) {
        g_propagate_error(error, bad);
        return false;
    }
    if (query == NULL)
        return true;
    if (side == &tail->events) {
        side->number = row_event(query, &tail->event);
    } else {
        row_change(query, &tail->change);
        side->number = tail->change.sequence;
    }
    side->row = true;
    side->n++;
    return true;
}

/* There may be more of it, which has to come before later ones of the other side. */
static bool is_cut(const struct side *side)
{
    return side->cursor != NULL && !side->row && side->n == BATCH;
}

/* All of a side was given: those that the filter leaves out need not be looked at again. */
static void go_on(struct side *side)
{
    side->after = MAX(side->after, side->marks.last);
}

static void finish_batch(struct store_tail *tail)
{
    bool cut = is_cut(&tail->events) || is_cut(&tail->changes);

    if (cut) {
        tail->marked = false;
    } else {
        go_on(&tail->events);
        go_on(&tail->changes);
    }
    close_batch(tail);
}

/* Is the change that is to come one by the event that was given last? */
static bool follows(const struct store_tail *tail)
{
    return tail->change.digest != NULL && g_str_equal(tail->change.digest, tail->digest->str) &&
           g_ascii_strcasecmp(tail->change.subject, tail->recipient->str) == 0;
}

/* In one second the order of the two is not known: a change that no event caused does not have to wait for one. */
static bool change_is_next(const struct store_tail *tail)
{
    if (!tail->events.row || !tail->changes.row)
        return tail->changes.row;
    return follows(tail) || tail->change.at < tail->event.received ||
           (tail->change.at == tail->event.received && tail->change.digest == NULL);
}

static void give(struct store_tail *tail, struct store_tail_item *item)
{
    bool change = change_is_next(tail);
    struct side *side = change ? &tail->changes : &tail->events;

    *item =
        change ? (struct store_tail_item){.change = &tail->change} : (struct store_tail_item){.event = &tail->event};
    item->number = side->number;
    side->row = false;
    side->after = side->number;
    if (!change)
        remember(tail, &tail->event);
}

bool store_tail_next(struct store_tail *tail, struct store_tail_item *item, GError **error)
{
    if (tail->snapshot == NULL && !open_batch(tail, error))
        return false;
    for (;; tail->skip--) {
        if (!look(tail, &tail->changes, error) || !look(tail, &tail->events, error)) {
            tail->marked = false;
            close_batch(tail);
            return false;
        }
        if (is_cut(&tail->events) || is_cut(&tail->changes) || (!tail->events.row && !tail->changes.row)) {
            finish_batch(tail);
            return false;
        }
        give(tail, item);
        if (tail->skip == 0)
            return true;
    }
}

bool store_tail_stirred(const struct store_tail *tail)
{
    struct commit_mark now;

    return !tail->marked || !connection_mark(tail->store->connection, &now) || !commit_mark_same(&tail->mark, &now);
}

void store_tail_position(const struct store_tail *tail, struct store_position *position)
{
    *position = (struct store_position){tail->events.after, tail->changes.after, tail->timeline};
}
