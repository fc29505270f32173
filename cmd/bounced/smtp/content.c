#include "cmd/bounced/smtp/content.h"

#include <glib.h>

#include "cmd/bounced/smtp/dialogue.h"
#include "cmd/bounced/smtp/replies.h"

/* --- the end ----------------------------------------------------------------------------------------------------- */

static const struct verdict_row {
    const char *reply;
    enum limit limit; /* that was hit */
} verdicts[] = {
    [DATA_VERDICT_TOO_BIG] = {"552 5.3.4 Message size exceeds the limit", LIMIT_MESSAGE_SIZE},
    [DATA_VERDICT_LONG_LINE] = {"554 5.6.0 A line of the message is longer than 1048576 octets", LIMIT_NONE},
    [DATA_VERDICT_LONG_HEADER] = {"554 5.6.0 The header of the message is longer than 1048576 octets", LIMIT_NONE},
    [DATA_VERDICT_NO_ROOM] = {"452 4.3.1 Insufficient memory, try again later", LIMIT_MEMORY},
    [DATA_VERDICT_BARE] = {"550 5.6.11 Bare CR or LF in the message; only CRLF ends a line", LIMIT_NONE},
};

static void refuse(struct session *session, enum data_verdict verdict)
{
    const struct verdict_row *row = &verdicts[verdict];

    dialogue_reset(session);
    if (*row->reply == '5')
        session->refused++;
    if (row->limit != LIMIT_NONE)
        dialogue_hit(session, row->limit);
    replies_add_each(session, row->reply);
}

/* The recipients have been accepted, so LMTP answers each of them (RFC 2033 section 4.2). */
static void end_message(struct session *session)
{
    session->replies_due = session->link.protocol == LISTEN_PROTOCOL_LMTP ? session->transaction->recipients->len : 1;
    data_finish(&session->data);
    if (session->data.verdict != DATA_VERDICT_GOOD) {
        refuse(session, session->data.verdict);
        return;
    }
    session->transaction->message = g_steal_pointer(&session->data.bytes);
    session->state = SESSION_STATE_MESSAGE;
}

/* --- DATA -------------------------------------------------------------------------------------------------------- */

void content_begin_data(struct session *session)
{
    data_init(&session->data, session->settings->message_size);
    session->data.normalize = session->link.normalize;
    session->data.dotted = true;
    session->data.lone = session->lone;
    if (session->lone)
        session->data.place = DATA_PLACE_TEXT; /* the end of data begins with CRLF */
    session->state = SESSION_STATE_DATA;
}

static size_t feed_data(struct session *session, const char *bytes, size_t length)
{
    size_t taken = data_feed(&session->data, bytes, length);

    if (session->data.place == DATA_PLACE_END)
        end_message(session);
    return taken;
}

/* --- BDAT -------------------------------------------------------------------------------------------------------- */

/* The reply comes when all octets are here: 250 for each chunk, the message's own for the last. A chunk that spoils the
 * message ends it, with one reply: it is not the last, so that it is no recipient's. */
static void end_chunk(struct session *session)
{
    struct chunk *chunk = &session->chunk;

    session->state = chunk->before;
    if (chunk->refusal != NULL) {
        replies_add(session, "%s", chunk->refusal);
    } else if (chunk->last) {
        end_message(session);
    } else if (session->data.verdict != DATA_VERDICT_GOOD) {
        session->replies_due = 1;
        refuse(session, session->data.verdict);
    } else {
        session->state = SESSION_STATE_BDAT;
        replies_add(session, "250 2.0.0 %" G_GUINT64_FORMAT " octets", chunk->size);
    }
}

/* bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ] CR LF
 * chunk-size = 1*DIGIT
 * end-marker = "LAST" */
static bool read_argument(struct chunk *chunk, const char *argument)
{
    g_auto(GStrv) words = g_strsplit(argument, " ", 2);

    if (words[0] == NULL || !g_ascii_string_to_unsigned(words[0], 10, 0, G_MAXUINT64, &chunk->size, NULL))
        return false;
    chunk->last = words[1] != NULL;
    return words[1] == NULL || g_ascii_strcasecmp(g_strchomp(words[1]), "LAST") == 0;
}

static void begin_chunk(struct session *session, const char *argument, const char *refusal)
{
    struct chunk *chunk = &session->chunk;

    if (!read_argument(chunk, argument)) {
        replies_break_off(session, "501 5.5.4 Syntax: BDAT octets [LAST]");
        return;
    }
    if (refusal == NULL && session->state == SESSION_STATE_RCPT) {
        data_init(&session->data, session->settings->message_size);
        session->data.normalize = session->link.normalize;
    }
    chunk->left = chunk->size;
    chunk->refusal = refusal;
    chunk->before = session->state;
    session->state = SESSION_STATE_CHUNK;
    if (chunk->left == 0)
        end_chunk(session);
}

void content_begin_chunk(struct session *session, const char *argument)
{
    begin_chunk(session, argument, NULL);
}

void content_begin_refused_chunk(struct session *session, const char *argument, const char *refusal)
{
    begin_chunk(session, argument, refusal);
}

static size_t feed_chunk(struct session *session, const char *bytes, size_t length)
{
    struct chunk *chunk = &session->chunk;
    size_t taken = (size_t)MIN(chunk->left, length);

    if (chunk->refusal == NULL)
        data_append(&session->data, bytes, taken);
    chunk->left -= taken;
    if (chunk->left == 0)
        end_chunk(session);
    return taken;
}

size_t content_feed(struct session *session, const char *bytes, size_t length)
{
    return (session->state == SESSION_STATE_DATA ? feed_data : feed_chunk)(session, bytes, length);
}
