#include "store/ledger/list.h"

#include <string.h>

/* How much a verdict weighs against another. A person's own wish outweighs all, so that nobody who complained comes
 * back when a wave of false bounces is undone. */
static const unsigned weights[] = {
    [VERDICT_NONE] = 1, /* an operator's entry for a time */
    [VERDICT_SOFT] = 1, [VERDICT_HARD] = 2, [VERDICT_COMPLAINT] = 3, [VERDICT_UNSUBSCRIBE] = 3,
};

bool list_read(struct connection *connection, const char *subject, const char *scope, struct list_before *before,
               GError **error)
{
    struct query query = query_new(connection, SQL_LIST_READ);

    *before = (struct list_before){0};
    query_text(&query, subject);
    query_text(&query, scope);
    if (!query_step(&query, &before->listed, error))
        return false;
    if (before->listed) {
        before->reason = event_value(reason_names, query_text_at(&query, 0));
        before->verdict = event_value(verdict_names, query_text_at(&query, 1));
        before->by_policy = strcmp(query_text_at(&query, 2), LIST_POLICY) == 0;
        before->since = query_number_at(&query, 3);
        before->until = query_number_at(&query, 4);
        before->wave = query_number_at(&query, 5);
        query_end(&query);
    }
    return true;
}

bool list_holds(const struct list_before *before, gint64 now)
{
    return before->listed && (before->until == 0 || before->until > now);
}

bool list_lifted(const struct list_before *before, gint64 now)
{
    return list_holds(before, now) && before->by_policy && before->verdict == VERDICT_SOFT && before->until != 0 &&
           before->wave == 0;
}

enum list_change list_plan(const struct list_before *before, enum verdict_kind verdict, gint64 now, gint64 *until)
{
    if (!list_holds(before, now))
        return LIST_PUT;
    if (before->until == 0 && !before->by_policy && before->verdict == VERDICT_NONE)
        return LIST_KEEP;

    bool longer = before->until != 0 && (*until == 0 || *until > before->until);
    if (!longer)
        *until = before->until;
    if (weights[verdict] > weights[before->verdict])
        return LIST_PUT;
    if (!longer)
        return LIST_KEEP;
    return weights[verdict] == weights[before->verdict] ? LIST_PUT : LIST_PROLONG;
}

/* --- what entries and changes have in common, kept once ----------------------------------------------------------- */

/* A text may be NULL. */
struct cause {
    enum reason reason;
    enum verdict_kind verdict;
    const char *policy; /* the row that decided */
    const char *who;
    enum store_door door;
    const char *note;
    const char *batch;
};

static void bind_cause(struct query *query, const struct cause *cause)
{
    query_text(query, reason_names[cause->reason]);
    query_text(query, verdict_names[cause->verdict]);
    query_text(query, cause->policy != NULL ? cause->policy : "");
    query_text(query, cause->who);
    query_text(query, store_door_names[cause->door]);
    query_text(query, cause->batch != NULL ? cause->batch : "");
    query_text(query, cause->note != NULL ? cause->note : "");
}

/* The number of the cause, which is made when there is none. */
static bool find_cause(struct connection *connection, const struct cause *cause, gint64 *number, GError **error)
{
    struct query query = query_new(connection, SQL_CAUSE);
    bool found;

    bind_cause(&query, cause);
    if (!query_step(&query, &found, error))
        return false;
    if (found) {
        *number = query_number_at(&query, 0);
        query_end(&query);
        return true;
    }
    struct query make = query_new(connection, SQL_ADD_CAUSE);
    bind_cause(&make, cause);
    if (!query_run(&make, error))
        return false;
    *number = connection_made(connection);
    return true;
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

static struct query query_of(struct connection *connection, enum sql sql, const struct suppression *entry)
{
    struct query query = query_new(connection, sql);

    query_text(&query, entry->subject);
    query_text(&query, entry->scope);
    return query;
}

/* The number of what the change has beside the entry. */
static bool find_author(struct connection *connection, const struct list_cause *cause, gint64 *author, GError **error)
{
    const struct cause numbered = {.who = cause->who, .door = cause->door, .note = cause->note, .batch = cause->batch};

    return find_cause(connection, &numbered, author, error);
}

/* Logs the entry as it is on the list; `author` 0 is its own. */
static bool log_change(struct connection *connection, const char *change, const struct suppression *entry,
                       gint64 author, const struct list_cause *cause, GError **error)
{
    struct query query = query_of(connection, SQL_LOG, entry);

    query_number(&query, cause->now);
    query_text(&query, change);
    query_optional(&query, author);
    query_optional(&query, cause->message);
    return query_run(&query, error);
}

static bool same_author(const struct suppression *entry, const struct list_cause *cause)
{
    return strcmp(entry->who, cause->who) == 0 && entry->door == cause->door &&
           g_strcmp0(entry->note, cause->note) == 0 && g_strcmp0(entry->batch, cause->batch) == 0;
}

bool list_number(struct connection *connection, const struct suppression *entry, gint64 *number, GError **error)
{
    const struct cause numbered = {entry->reason, entry->verdict, entry->policy, entry->who,
                                   entry->door,   entry->note,    entry->batch};

    return find_cause(connection, &numbered, number, error);
}

bool list_put(struct connection *connection, const struct suppression *entry, const struct list_before *before,
              const struct list_cause *cause, GError **error)
{
    const struct list_cause lapse = {.now = cause->now};
    bool holds = list_holds(before, cause->now);
    gint64 number = cause->number, author = 0;

    if (before->listed && !holds && !log_change(connection, "expire", entry, 0, &lapse, error))
        return false;
    if ((number == 0 && !list_number(connection, entry, &number, error)) ||
        (!same_author(entry, cause) && !find_author(connection, cause, &author, error)))
        return false;
    struct query query = query_of(connection, SQL_LIST_PUT, entry);
    query_number(&query, holds ? before->since : entry->since != 0 ? entry->since : cause->now);
    query_number(&query, entry->until);
    query_number(&query, number);
    query_optional(&query, entry->wave);
    query_optional(&query, cause->event);
    return query_run(&query, error) && log_change(connection, holds ? "update" : "add", entry, author, cause, error);
}

static void bind_put(struct query *query, const struct list_newcomer *newcomer)
{
    const struct suppression *entry = &newcomer->entry;

    query_text(query, entry->subject);
    query_text(query, entry->scope);
    query_number(query, entry->since);
    query_number(query, entry->until);
    query_number(query, newcomer->number);
    query_optional(query, entry->wave);
    query_optional(query, newcomer->event);
}

/* An entry that says since when it holds. */
static void bind_log(struct query *query, const struct list_newcomer *newcomer, gint64 author,
                     const struct list_cause *cause)
{
    const struct suppression *entry = &newcomer->entry;

    query_number(query, cause->now);
    query_text(query, entry->subject);
    query_text(query, entry->scope);
    query_optional(query, entry->since != cause->now ? entry->since : 0);
    query_number(query, entry->until);
    query_number(query, newcomer->number);
    query_optional(query, author != newcomer->number ? author : 0);
    query_optional(query, entry->wave);
    query_optional(query, newcomer->event);
    query_optional(query, cause->message);
}

static bool put_many(struct connection *connection, const struct list_newcomer *newcomers, const gint64 *authors,
                     const struct list_cause *cause, GError **error)
{
    struct query put = query_new(connection, SQL_LIST_PUT_MANY);

    for (guint i = 0; i < NEWCOMERS_AT_ONCE; i++)
        bind_put(&put, &newcomers[i]);
    if (!query_run(&put, error))
        return false;
    struct query log = query_new(connection, SQL_LOG_NEW_MANY);
    for (guint i = 0; i < NEWCOMERS_AT_ONCE; i++)
        bind_log(&log, &newcomers[i], authors[i], cause);
    return query_run(&log, error);
}

static bool put_one(struct connection *connection, const struct list_newcomer *newcomer, gint64 author,
                    const struct list_cause *cause, GError **error)
{
    struct query put = query_new(connection, SQL_LIST_PUT);

    bind_put(&put, newcomer);
    if (!query_run(&put, error))
        return false;
    struct query log = query_new(connection, SQL_LOG_NEW);
    bind_log(&log, newcomer, author, cause);
    return query_run(&log, error);
}

bool list_put_new(struct connection *connection, const struct list_newcomer *newcomers, guint n,
                  const struct list_cause *cause, GError **error)
{
    gint64 authors[NEWCOMERS_AT_ONCE] = {0}, author = 0;
    bool good = true;

    g_assert(n <= NEWCOMERS_AT_ONCE);
    for (guint i = 0; i < n; i++) {
        if (same_author(&newcomers[i].entry, cause))
            continue;
        if (author == 0 && !find_author(connection, cause, &author, error))
            return false;
        authors[i] = author;
    }
    if (n == NEWCOMERS_AT_ONCE)
        return put_many(connection, newcomers, authors, cause, error);
    for (guint i = 0; good && i < n; i++)
        good = put_one(connection, &newcomers[i], authors[i], cause, error);
    return good;
}

bool list_prolong(struct connection *connection, const struct suppression *entry, const struct list_cause *cause,
                  GError **error)
{
    struct query query = query_of(connection, SQL_LIST_PROLONG, entry);
    gint64 author;

    query_number(&query, entry->until);
    return find_author(connection, cause, &author, error) && query_run(&query, error) &&
           log_change(connection, "update", entry, author, cause, error);
}

/* The event of the cause becomes the entry's, if it has one. */
static bool set_wave(struct connection *connection, const struct suppression *entry, gint64 wave,
                     const struct list_cause *cause, GError **error)
{
    struct query query = query_of(connection, SQL_LIST_SET_WAVE, entry);
    gint64 author;

    query_optional(&query, wave);
    query_optional(&query, cause->event);
    return find_author(connection, cause, &author, error) && query_run(&query, error) &&
           log_change(connection, wave != 0 ? "hold" : "confirm", entry, author, cause, error);
}

bool list_hold(struct connection *connection, const struct suppression *entry, gint64 wave,
               const struct list_cause *cause, GError **error)
{
    return set_wave(connection, entry, wave, cause, error);
}

bool list_confirm(struct connection *connection, const struct suppression *entry, const struct list_cause *cause,
                  GError **error)
{
    return set_wave(connection, entry, 0, cause, error);
}

bool list_remove(struct connection *connection, const struct suppression *entry, const struct list_cause *cause,
                 GError **error)
{
    gint64 author;

    if (!find_author(connection, cause, &author, error) ||
        !log_change(connection, "remove", entry, author, cause, error))
        return false;
    struct query query = query_of(connection, SQL_LIST_REMOVE, entry);
    return query_run(&query, error);
}

bool list_note(struct connection *connection, const char *change, const struct suppression *entry,
               const struct list_cause *cause, GError **error)
{
    struct query query = query_new(connection, SQL_LOG_NOTE);
    gint64 author;

    if (!find_author(connection, cause, &author, error))
        return false;
    query_number(&query, cause->now);
    query_text(&query, change);
    query_text(&query, entry->subject);
    query_text(&query, entry->scope);
    query_number(&query, author);
    return query_run(&query, error);
}

bool list_restore(struct connection *connection, const struct suppression *entry, gint64 sequence, bool listed,
                  const struct list_cause *cause, GError **error)
{
    struct query query = query_new(connection, SQL_LIST_RESTORE);
    gint64 author;

    query_number(&query, sequence);
    return find_author(connection, cause, &author, error) && query_run(&query, error) &&
           log_change(connection,
                      entry->wave != 0 ? "hold"
                      : listed         ? "update"
                                       : "add",
                      entry, author, cause, error);
}

bool list_forgive(struct connection *connection, const char *recipient, const char *scope, GError **error)
{
    struct query query = query_new(connection, SQL_FORGIVE);

    query_text(&query, recipient);
    query_text(&query, scope);
    return query_run(&query, error);
}

bool list_forgive_counted(struct connection *connection, const char *recipient, const char *scope, gint64 id,
                          GError **error)
{
    struct query query = query_new(connection, SQL_FORGIVE_COUNTED);

    query_text(&query, recipient);
    query_number(&query, id);
    query_text(&query, scope);
    return query_run(&query, error);
}

/* Takes the entries that have expired by `now`, the first `limit`. */
static bool run_for_expired(struct connection *connection, enum sql sql, gint64 now, unsigned limit, GError **error)
{
    struct query query = query_new(connection, sql);

    query_number(&query, now);
    query_number(&query, limit);
    return query_run(&query, error);
}

bool list_expire(struct connection *connection, gint64 now, unsigned limit, gint64 *n, GError **error)
{
    if (!run_for_expired(connection, SQL_LOG_EXPIRED, now, limit, error) ||
        !run_for_expired(connection, SQL_EXPIRE, now, limit, error))
        return false;
    *n = connection_changes(connection);
    return true;
}
