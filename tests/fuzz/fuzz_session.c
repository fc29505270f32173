/* The SMTP and LMTP session: any bytes, in pieces of any size; what it holds stays bounded, and the pieces change
 * nothing. The first octet gives the protocol, TLS, trust and the size of the pieces, the others are what the client
 * says. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "cmd/bounced/smtp/session.h"
#include "parser/return_path.h"

static void take_output(struct session *session, GString *replies)
{
    const GString *output = session_output(session);

    g_assert(output->len < 16384);
    g_string_append_len(replies, output->str, (gssize)output->len);
    session_sent(session, output->len);
}

static void take_message(const struct session_settings *settings, struct session *session, GString *replies)
{
    g_autoptr(Transaction) transaction = session_take_message(session);
    const GString *message = transaction->message;

    g_assert(message->len <= settings->message_size);
    g_assert(transaction->recipients->len > 0 && transaction->recipients->len <= settings->recipients);
    g_string_append_len(replies, message->str, (gssize)message->len);
    session_conclude(session, message->len % 2 == 0 ? SESSION_OUTCOME_STORED : SESSION_OUTCOME_FAILED);
}

static GString *converse(const struct session_settings *settings, struct session_link link, const char *bytes,
                         size_t length, size_t piece)
{
    g_autoptr(Session) session = session_new(settings, &link);
    GString *replies = g_string_new(NULL);
    size_t at = 0;

    session_greet(session);
    while (at < length && session_next(session) != SESSION_EVENT_CLOSE) {
        at += session_feed(session, bytes + at, MIN(piece, length - at));
        take_output(session, replies);
        if (session_next(session) == SESSION_EVENT_STARTTLS)
            session_encrypted(session);
        if (session_next(session) == SESSION_EVENT_SENDER)
            (at % 5 != 0 ? session_permit : session_defer)(session);
        if (session_next(session) == SESSION_EVENT_XCLIENT)
            session_greet(session);
        if (session_next(session) == SESSION_EVENT_MESSAGE)
            take_message(settings, session, replies);
        take_output(session, replies);
    }
    return replies;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char name[] = "all", domain_name[] = "bounces.example.com";
    struct return_path domain = {.name = name, .domain = domain_name};
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    guint64 replies[6] = {0}, limits[LIMIT_COUNT] = {0};
    struct session_settings settings = {.hostname = "mx.example.com",
                                        .return_paths = paths,
                                        .message_size = 200,
                                        .recipients = 3,
                                        .errors = 5,
                                        .commands = 20,
                                        .replies = replies,
                                        .limits = limits};
    struct session_link link = {0};
    g_autoptr(GString) whole = NULL, pieces = NULL;

    if (size == 0)
        return 0;
    g_ptr_array_add(paths, &domain);
    link.protocol = (data[0] & 1) != 0 ? LISTEN_PROTOCOL_LMTP : LISTEN_PROTOCOL_SMTP;
    link.xclient = data[0] % 3 == 0;
    link.normalize = data[0] % 5 == 0;
    link.tls = (enum listen_tls)((data[0] >> 1) % (LISTEN_TLS_REQUIRED + 1));
    whole = converse(&settings, link, (const char *)data + 1, size - 1, size);
    pieces = converse(&settings, link, (const char *)data + 1, size - 1, (data[0] >> 1) + 1U);
    g_assert(g_string_equal(whole, pieces));
    return 0;
}
