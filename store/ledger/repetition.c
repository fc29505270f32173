#include "store/ledger/repetition.h"

#include <string.h>

#define DAY G_GINT64_CONSTANT(86400)

static void add_text(GChecksum *checksum, const char *text)
{
    /* The NUL, too, so that no two fields run together. */
    if (text != NULL)
        g_checksum_update(checksum, (const guchar *)text, (gssize)strlen(text));
    g_checksum_update(checksum, (const guchar *)"", 1);
}

bool repetition_fingerprint(const struct event *event, gint64 received, guint8 fingerprint[EVENT_FINGERPRINT_SIZE])
{
    /* The report gives no time, and the event has that of its arrival. */
    bool timed = event->occurred != 0 && event->occurred != received;
    g_autofree char *time = g_strdup_printf("%" G_GINT64_FORMAT, timed ? event->occurred : 0);
    g_autofree char *recipient = event->recipient != NULL ? g_ascii_strdown(event->recipient, -1) : NULL;
    guint8 all[32];
    size_t length = sizeof all;

    if (event->kind == REPORT_KIND_OTHER || (!timed && event->message_id == NULL))
        return false;
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    add_text(checksum, report_kind_names[event->kind]);
    add_text(checksum, report_action_names[event->action]);
    add_text(checksum, event->reporting_mta);
    add_text(checksum, event->message_id);
    add_text(checksum, recipient);
    add_text(checksum, event->final_recipient);
    add_text(checksum, event->status);
    add_text(checksum, event->feedback_type);
    add_text(checksum, time);
    /* One tenant does not repeat what another tells. */
    if (event->confined)
        add_text(checksum, event->stream);
    g_checksum_get_digest(checksum, all, &length);
    memcpy(fingerprint, all, EVENT_FINGERPRINT_SIZE);
    return true;
}

gint64 repetition_signed_on(const struct event *event)
{
    return event->evidence == REPORT_EVIDENCE_SIGNED ? event->mailed : 0;
}

static bool find_report(struct store *store, const struct event *event, bool *found, GError **error)
{
    struct query query = query_new(store->connection, SQL_SAME_REPORT);

    query_blob(&query, event->fingerprint, EVENT_FINGERPRINT_SIZE);
    query_number(&query, event->may_suppress);
    if (!query_step(&query, found, error))
        return false;
    query_end(&query);
    return true;
}

static bool find_failure(struct store *store, const struct event *event, gint64 received, const char *scope,
                         bool *found, GError **error)
{
    struct query query = query_new(store->connection, SQL_REPEATED);

    query_text(&query, event->recipient);
    query_text(&query, reason_names[event->reason]);
    query_text(&query, verdict_names[event->verdict]);
    query_number(&query, received - received % DAY);
    query_number(&query, repetition_signed_on(event));
    query_text_within(&query, event->message_id, STORE_TEXT_MAX);
    query_number(&query, repetition_mail_since(received));
    query_text(&query, scope);
    if (!query_step(&query, found, error))
        return false;
    query_end(&query);
    return true;
}

bool repetition_found(struct store *store, const struct event *event, gint64 received, const char *scope,
                      bool *repeated, GError **error)
{
    *repeated = false;
    if (event->fingerprint != NULL && !find_report(store, event, repeated, error))
        return false;
    return *repeated || !policy_counts(event) || find_failure(store, event, received, scope, repeated, error);
}

bool repetition_stale(struct store *store, const struct event *event, const char *scope, bool *stale, GError **error)
{
    struct query query = query_new(store->connection, SQL_REMOVED_SINCE);

    *stale = false;
    if (event->mailed == 0 || !policy_counts(event))
        return true;
    query_text(&query, event->recipient);
    query_number(&query, event->mailed);
    query_text(&query, scope);
    if (!query_step(&query, stale, error))
        return false;
    query_end(&query);
    return true;
}

gint64 repetition_mail_since(gint64 received)
{
    return received - received % DAY - 60 * DAY;
}
