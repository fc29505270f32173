#include "store/screen/screen.h"

#include <string.h>

#include "store/screen/sieve.h"
#include "store/sqlite/commit_mark.h"

enum {
    FOLLOWED_AT_ONCE = 500, /* changes before a question */
    OCTETS_MOST = 64 << 20, /* enough for 40 million subjects */
    ENTRY_OCTETS = 80,      /* an entry takes more of the database, with its part of the log */
};

struct screen {
    struct connection *connection;
    struct sieve *sieve; /* NULL: it is to be begun */
    GString *place;      /* the last subject of the list that was read */
    gint64 sequence;     /* of the last change that counts */
    bool whole;          /* the list was read to its end */
    bool in_step;        /* and the log to its end, at `mark` */
    bool reading;        /* a snapshot is held */
    bool marked;         /* `mark` is known: the snapshot is that one, or a later one */
    struct commit_mark mark;
};

struct screen *screen_new(struct connection *connection)
{
    struct screen *screen = g_new0(struct screen, 1);

    screen->connection = connection;
    screen->place = g_string_new(NULL);
    /* The database is read by memory mapping, as far as SQLite does that: a question needs no system call. It is a
     * wish, for SQLite as well. */
    connection_run(connection, SQL_MAP_SIZE, NULL);
    return screen;
}

void screen_free(struct screen *screen)
{
    if (screen == NULL)
        return;
    screen_release(screen);
    sieve_free(screen->sieve);
    g_string_free(screen->place, TRUE);
    g_free(screen);
}

void screen_release(struct screen *screen)
{
    if (screen->reading)
        connection_rollback(screen->connection);
    screen->reading = false;
}

/* The sieve that is full stays off the questions' way until another one is whole. */
static void start_again(struct screen *screen)
{
    g_clear_pointer(&screen->sieve, sieve_free);
    screen->whole = screen->in_step = false;
}

/* The log's next rows, in the snapshot. */
static bool follow(struct screen *screen, unsigned limit, GError **error)
{
    struct query query = query_new(screen->connection, SQL_SCREEN_CHANGES);
    unsigned n = 0;
    bool row;

    query_number(&query, screen->sequence);
    query_number(&query, limit);
    for (;; n++) {
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            break;
        const char *subject = query_text_at(&query, 1);
        sieve_add(screen->sieve, subject, strlen(subject));
        screen->sequence = query_number_at(&query, 0);
    }
    screen->in_step = n < limit;
    if (sieve_full(screen->sieve))
        start_again(screen);
    return true;
}

/* The mark is read first: the snapshot is that one, or a later one, and is taken for that one. */
bool screen_begin(struct screen *screen, bool *renewed, GError **error)
{
    struct commit_mark mark;
    bool marked = connection_mark(screen->connection, &mark);
    bool same = marked && screen->marked && commit_mark_same(&mark, &screen->mark);

    *renewed = !same || !screen->reading;
    if (*renewed) {
        screen_release(screen);
        if (!connection_run(screen->connection, SQL_BEGIN_READING, error))
            return false;
        screen->reading = true;
        screen->marked = marked;
        screen->mark = mark;
    }
    screen->in_step = screen->in_step && same;
    return !screen->whole || screen->in_step || follow(screen, FOLLOWED_AT_ONCE, error);
}

bool screen_clears(const struct screen *screen, const char *subject, gsize length)
{
    return screen->in_step && !sieve_may_hold(screen->sieve, subject, length);
}

/* Each entry has a change of its own, and takes room: there are no more than that tells, and counting them takes long.
 * An entry that is put on the list while it is read is in the log behind the present end. */
static bool start(struct screen *screen, GError **error)
{
    gint64 octets, left;

    if (!connection_number(screen->connection, SQL_SCREEN_SEQUENCE, &screen->sequence, error) ||
        !connection_room(screen->connection, &octets, &left, error))
        return false;
    screen->sieve = sieve_new((guint64)MIN(screen->sequence, octets / ENTRY_OCTETS), OCTETS_MOST);
    g_string_truncate(screen->place, 0);
    return true;
}

static bool read_list(struct screen *screen, unsigned limit, GError **error)
{
    struct query query = query_new(screen->connection, SQL_SCREEN_SUBJECTS);
    unsigned n = 0;
    bool row;

    query_text(&query, screen->place->str);
    query_number(&query, limit);
    g_autofree char *last = NULL;
    for (;; n++) {
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            break;
        const char *subject = query_text_at(&query, 0);
        gsize length = strlen(subject);
        sieve_add(screen->sieve, subject, length);
        if (n + 1 == limit)
            last = g_strndup(subject, length);
    }
    if (last != NULL)
        g_string_assign(screen->place, last);
    screen->whole = n < limit;
    return true;
}

bool screen_advance(struct screen *screen, unsigned limit, bool *more, GError **error)
{
    bool renewed;

    g_assert(limit > 0);
    screen_release(screen);
    bool good = screen_begin(screen, &renewed, error);
    if (good && screen->sieve == NULL)
        good = start(screen, error);
    if (good && !screen->whole)
        good = read_list(screen, limit, error);
    else if (good && !screen->in_step)
        good = follow(screen, limit, error);
    screen_release(screen);
    *more = good && !screen->in_step;
    return good;
}
