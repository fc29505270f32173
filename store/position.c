#include "store/position.h"

#include <string.h>

#include "store/ledger/marks.h"
#include "store/ledger/state.h"

/* The text is base64url (RFC 4648, section 5) of these octets: the form, the timeline, the event and the change, big
 * endian. */
enum { FORM = 1, TIMELINE_AT = 1, EVENT_AT = 5, CHANGE_AT = 13, OCTETS = 21 };

bool store_position_end(struct store *store, struct store_position *position, GError **error)
{
    struct marks marks;

    if (!marks_read_now(store->connection, &marks, error))
        return false;
    *position = (struct store_position){marks.events.last, marks.changes.last, marks.timeline};
    return true;
}

/* The number of the first row of that time or later; `number` stays if there is none. */
static bool find(struct store *store, enum sql sql, gint64 time, gint64 *number, GError **error)
{
    struct query query = query_new(store->connection, sql);
    bool row;

    query_number(&query, time);
    if (!query_step(&query, &row, error))
        return false;
    if (!row)
        return true;
    *number = query_number_at(&query, 0);
    query_end(&query);
    return true;
}

bool store_position_since(struct store *store, gint64 time, struct store_position *position, GError **error)
{
    struct marks marks;

    if (!marks_read(store->connection, &marks, error))
        return false;
    gint64 event = marks.events.last + 1, change = marks.changes.last + 1;
    if (!find(store, SQL_FIRST_EVENT_SINCE, time, &event, error) ||
        !find(store, SQL_FIRST_CHANGE_SINCE, time, &change, error))
        return false;
    *position = (struct store_position){MAX(event - 1, marks.events.dropped), MAX(change - 1, marks.changes.dropped),
                                        marks.timeline};
    return true;
}

bool store_position_same(const struct store_position *one, const struct store_position *other)
{
    return one->event == other->event && one->change == other->change && one->timeline == other->timeline;
}

static void put(guint8 *octets, size_t n, gint64 number)
{
    while (n > 0) {
        octets[--n] = (guint8)(number & 0xff);
        number >>= 8;
    }
}

static gint64 take(const guint8 *octets, size_t n)
{
    guint64 number = 0;

    for (size_t i = 0; i < n; i++)
        number = number << 8 | octets[i];
    return (gint64)number;
}

char *store_position_format(const struct store_position *position)
{
    guint8 octets[OCTETS] = {FORM};

    put(octets + TIMELINE_AT, EVENT_AT - TIMELINE_AT, position->timeline);
    put(octets + EVENT_AT, CHANGE_AT - EVENT_AT, position->event);
    put(octets + CHANGE_AT, OCTETS - CHANGE_AT, position->change);
    char *text = g_base64_encode(octets, OCTETS);
    return g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
}

/* base64 takes other texts for the same octets, as those with line ends. */
bool store_position_parse(const char *text, struct store_position *position)
{
    gsize length = 0;

    if (strlen(text) != POSITION_TEXT || strpbrk(text, "+/") != NULL)
        return false;
    g_autofree char *plain = g_strdelimit(g_strdelimit(g_strdup(text), "-", '+'), "_", '/');
    g_autofree guint8 *octets = g_base64_decode(plain, &length);
    if (length != OCTETS || octets[0] != FORM)
        return false;
    *position = (struct store_position){
        .event = take(octets + EVENT_AT, CHANGE_AT - EVENT_AT),
        .change = take(octets + CHANGE_AT, OCTETS - CHANGE_AT),
        .timeline = take(octets + TIMELINE_AT, EVENT_AT - TIMELINE_AT),
    };
    g_autofree char *again = store_position_format(position);
    return position->event >= 0 && position->change >= 0 && position->timeline > 0 && strcmp(again, text) == 0;
}
