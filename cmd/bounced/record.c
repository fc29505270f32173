#include "cmd/bounced/record.h"

#include "cmd/bounced/peer.h"

static const char *const outcome_names[] = {
    [INGEST_PENDING] = "pending",
    [INGEST_STORED] = "stored",
    [INGEST_DUPLICATE] = "duplicate",
    [INGEST_FAILED] = "failed",
};

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

void record_message(const struct journal *journal, const struct ingest_message *message)
{
    const struct peer *peer = message->owner;
    struct journal_entry *entry = journal_begin(journal, LOG_INFO, "message");
    g_autofree char *kinds = format_kinds(message);

    journal_text(entry, "digest", message->digest);
    journal_text(entry, "peer", peer_name(peer));
    journal_text(entry, "listener", peer_listener(peer));
    journal_text(entry, "tls", peer_tls(peer));
    journal_text(entry, "from", message->mail_from);
    journal_text(entry, "to", message->rcpt_to->pdata[0]);
    journal_number(entry, "recipients", message->rcpt_to->len);
    journal_number(entry, "size", (gint64)message->bytes->len);
    journal_text(entry, "kinds", kinds);
    journal_text(entry, "outcome", outcome_names[message->outcome]);
    journal_text(entry, "error", message->error);
    journal_send(entry);
}

void record_session(const struct journal *journal, const struct peer *peer, const struct session *session)
{
    struct journal_entry *entry;

    if (session_errors(session) == 0)
        return;
    entry = journal_begin(journal, LOG_INFO, "session");
    journal_text(entry, "peer", peer_name(peer));
    journal_text(entry, "listener", peer_listener(peer));
    journal_number(entry, "messages", peer_messages(peer));
    journal_number(entry, "errors", (gint64)session_errors(session));
    journal_text(entry, "last", session_last_error(session));
    journal_send(entry);
}

void record_tls(const struct journal *journal, const struct peer *peer, const char *problem)
{
    struct journal_entry *entry = journal_begin(journal, LOG_INFO, "starttls-failed");

    journal_text(entry, "peer", peer_name(peer));
    journal_text(entry, "listener", peer_listener(peer));
    journal_text(entry, "error", problem);
    journal_send(entry);
}
