#include "cmd/bounced/peers/record.h"

#include "cmd/bounced/peers/rates.h"

/* How often one thing is said of one source, and how many of those are remembered. */
static const struct config_rate often = {.count = 1, .period = 60};
enum { NOTICES_MAX = 16384 };

struct record {
    const struct journal *journal;
    struct rates *notices;
};

struct record *record_new(const struct journal *journal)
{
    struct record *record = g_new0(struct record, 1);

    record->journal = journal;
    record->notices = rates_new(NOTICES_MAX);
    return record;
}

void record_free(struct record *record)
{
    if (record == NULL)
        return;
    rates_free(record->notices);
    g_free(record);
}

/* Begins a line that is said of `host` and for `reason` (which may be NULL) once a minute, with the number of those
 * that were left out; NULL when this is one of them. */
static struct journal_entry *begin_seldom(struct record *record, int priority, const char *event, const char *reason,
                                          const struct network_host *host)
{
    g_autofree char *source = network_name(host, 32, 64), *name = network_host_name(host);
    g_autofree char *notice = g_strdup_printf("%s %s %s", event, reason != NULL ? reason : "", source);
    struct journal_entry *entry;
    guint64 unsaid;

    if (!rates_take(record->notices, notice, &often, g_get_monotonic_time(), &unsaid))
        return NULL;
    entry = journal_begin(record->journal, priority, event);
    journal_text(entry, "peer", name);
    journal_text(entry, "reason", reason);
    if (unsaid > 0)
        journal_number(entry, "unsaid", (gint64)unsaid);
    return entry;
}

/* "bounce:2,delay:1" */
static char *format_kinds(const struct ingest_message *message)
{
    GString *text = g_string_new(NULL);

    for (size_t kind = 0; kind < G_N_ELEMENTS(message->kinds); kind++) {
        if (message->kinds[kind] > 0)
            g_string_append_printf(text, "%s%s:%u", text->len == 0 ? "" : ",", report_kind_names[kind],
                                   message->kinds[kind]);
    }
    return g_string_free(text, FALSE);
}

/* The first one that the message came to, or that it tells of. */
static const char *recipient_of(const struct ingest_message *message)
{
    if (message->rcpt_to->len > 0)
        return message->rcpt_to->pdata[0];
    return message->testimony != NULL ? message->testimony->observation.recipient : NULL;
}

void record_message(const struct record *record, const struct client *client, const struct ingest_message *message)
{
    struct journal_entry *entry = journal_begin(record->journal, LOG_INFO, "message");
    g_autofree char *kinds = format_kinds(message), *cut = report_cut_names(message->cut);

    journal_text(entry, "digest", message->digest);
    journal_text(entry, "peer", client->name);
    journal_text(entry, "listener", client->listener);
    journal_text(entry, "tls", client->tls);
    journal_text(entry, "token", client->token);
    journal_address(entry, "from", message->mail_from);
    journal_address(entry, "to", recipient_of(message));
    journal_number(entry, "recipients", message->rcpt_to->len);
    journal_number(entry, "size", (gint64)message->bytes->len);
    journal_text(entry, "kinds", kinds);
    journal_text(entry, "cut", cut);
    journal_text(entry, "forward", forward_outcome_names[message->forward]);
    journal_text(entry, "outcome", ingest_outcome_names[message->outcome]);
    journal_text(entry, "error", message->error);
    journal_send(entry);
}

void record_session(struct record *record, const struct client *client, const struct session *session)
{
    struct journal_entry *entry;

    if (session_errors(session) == 0 ||
        (entry = begin_seldom(record, LOG_INFO, "session", NULL, &client->host)) == NULL)
        return;
    journal_text(entry, "listener", client->listener);
    journal_number(entry, "messages", client->messages);
    journal_number(entry, "errors", (gint64)session_errors(session));
    journal_text(entry, "last", session_last_error(session));
    journal_send(entry);
}

void record_tls(struct record *record, const struct client *client, const char *problem)
{
    struct journal_entry *entry = begin_seldom(record, LOG_INFO, "starttls-failed", NULL, &client->host);

    if (entry == NULL)
        return;
    journal_text(entry, "listener", client->listener);
    journal_text(entry, "error", problem);
    journal_send(entry);
}

void record_waits(struct record *record, const char *reason, const struct client *client)
{
    struct journal_entry *entry = begin_seldom(record, LOG_NOTICE, "waits", reason, &client->host);

    if (entry == NULL)
        return;
    journal_text(entry, "listener", client->listener);
    journal_send(entry);
}

void record_refused(struct record *record, const char *reason, const struct network_host *host, const char *listener)
{
    struct journal_entry *entry = begin_seldom(record, LOG_WARNING, "refused", reason, host);

    if (entry == NULL)
        return;
    journal_text(entry, "listener", listener);
    journal_send(entry);
}
