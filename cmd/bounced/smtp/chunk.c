#include "cmd/bounced/smtp/chunk.h"

#include <glib.h>

#include "cmd/bounced/smtp/dialogue.h"

/* The reply comes when all octets are here: 250 for each chunk, the message's own for the last. */
static void end_chunk(struct session *session)
{
    struct chunk *chunk = &session->chunk;

    session->state = chunk->before;
    if (chunk->refusal != NULL) {
        dialogue_reply(session, "%s", chunk->refusal);
    } else if (chunk->last || session->data.verdict != DATA_GOOD) {
        dialogue_end_data(session, chunk->last);
    } else {
        session->state = STATE_BDAT;
        dialogue_reply(session, "250 2.0.0 %" G_GUINT64_FORMAT " octets", chunk->size);
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

void chunk_begin(struct session *session, const char *argument, const char *refusal)
{
    struct chunk *chunk = &session->chunk;

    if (!read_argument(chunk, argument)) {
        dialogue_reply(session, "501 5.5.4 Syntax: BDAT octets [LAST]");
        return;
    }
    if (refusal == NULL && session->state == STATE_RCPT)
        data_init(&session->data, session->settings->message_size);
    chunk->left = chunk->size;
    chunk->refusal = refusal;
    chunk->before = session->state;
    session->state = STATE_CHUNK;
    if (chunk->left == 0)
        end_chunk(session);
}

size_t chunk_feed(struct session *session, const char *bytes, size_t length)
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
