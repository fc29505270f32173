#include "store/ledger/list.h"

#include <string.h>

/* How much a verdict weighs against another. A person's own wish outweighs all, so that nobody who complained comes
 * back when a wave of false bounces is undone. */
static const unsigned weights[] = {
    [VERDICT_NONE] = 1, /* an operator's entry for a time */
    [VERDICT_SOFT] = 1, [VERDICT_HARD] = 2, [VERDICT_COMPLAINT] = 3, [VERDICT_UNSUBSCRIBE] = 3,
};

bool list_read(struct connection *connection, const char *recipient, struct list_before *before, GError **error)
{
    struct query query = query_new(connection, SQL_LIST_READ);

    *before = (struct list_before){0};
    query_text(&query, recipient);
    if (!query_step(&query, &before->listed, error))
        return false;
    if (before->listed) {
        before->reason = event_value(reason_names, query_text_at(&query, 0));
        before->verdict = event_value(verdict_names, query_text_at(&query, 1));
        before->by_policy = strcmp(query_text_at(&query, 2), LIST_POLICY) == 0;
        before->since = query_number_at(&query, 3);
        before->until = query_number_at(&query, 4);
        query_end(&query);
    }
    return true;
}

bool list_holds(const struct list_before *before, gint64 now)
{
    return before->listed && (before->until == 0 || before->until > now);
}

enum list_change list_plan(const struct list_before *before, enum verdict_kind verdict, gint64 now, gint64 *until)
{
    if (!list_holds(before, now))
        return LIST_PUT;
    if (before->until == 0 && !before->by_policy)
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

/* By SQL_LOG of an address that is on the list, by SQL_LOG_NEW of one that has just come. */
static bool log_change(struct connection *connection, enum sql sql, const char *change, const struct suppression *entry,
                       const struct list_cause *cause, GError **error)
{
    struct query query = query_new(connection, sql);

    query_number(&query, cause->now);
    query_text(&query, change);
    query_name(&query, reason_names[entry->reason]);
    query_text(&query, verdict_names[entry->verdict]);
    query_number(&query, entry->until);
    query_text(&query, cause->who);
    query_text(&query, cause->note);
    query_optional(&query, cause->message);
    query_text(&query, entry->recipient);
    return query_run(&query, error);
}

static bool log_lapsed(struct connection *connection, const char *recipient, gint64 now, GError **error)
{
    struct query query = query_new(connection, SQL_LOG_LAPSED);

    query_number(&query, now);
    query_text(&query, recipient);
    return query_run(&query, error);
}

bool list_put(struct connection *connection, const struct suppression *entry, const struct list_before *before,
              const struct list_cause *cause, GError **error)
{
    struct query query = query_new(connection, SQL_LIST_PUT);
    bool holds = list_holds(before, cause->now);

    if (before->listed && !holds && !log_lapsed(connection, entry->recipient, cause->now, error))
        return false;
    query_text(&query, entry->recipient);
    query_name(&query, reason_names[entry->reason]);
    query_text(&query, verdict_names[entry->verdict]);
    query_text(&query, entry->policy);
    query_text(&query, entry->who);
    query_text(&query, entry->note);
    query_number(&query, holds ? before->since : cause->now);
    query_number(&query, entry->until);
    query_optional(&query, cause->event);
    return query_run(&query, error) && log_change(connection, before->listed ? SQL_LOG : SQL_LOG_NEW,
                                                  holds ? "update" : "add", entry, cause, error);
}

bool list_prolong(struct connection *connection, const struct suppression *entry, const struct list_cause *cause,
                  GError **error)
{
    struct query query = query_new(connection, SQL_LIST_PROLONG);

    query_number(&query, entry->until);
    query_text(&query, entry->recipient);
    return query_run(&query, error) && log_change(connection, SQL_LOG, "update", entry, cause, error);
}

bool list_remove(struct connection *connection, const struct suppression *entry, const struct list_cause *cause,
                 GError **error)
{
    struct query query = query_new(connection, SQL_LIST_REMOVE);

    query_text(&query, entry->recipient);
    return log_change(connection, SQL_LOG, "remove", entry, cause, error) && query_run(&query, error);
}

bool list_forgive(struct connection *connection, const char *recipient, GError **error)
{
    struct query query = query_new(connection, SQL_FORGIVE);

    query_text(&query, recipient);
    return query_run(&query, error);
}

bool list_forgive_counted(struct connection *connection, const char *recipient, gint64 id, GError **error)
{
    struct query query = query_new(connection, SQL_FORGIVE_COUNTED);

    query_text(&query, recipient);
    query_number(&query, id);
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
