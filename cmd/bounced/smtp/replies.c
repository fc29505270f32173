#include "cmd/bounced/smtp/replies.h"

#include "cmd/bounced/smtp/dialogue.h"

void replies_note_error(struct session *session, const char *reply)
{
    if (*reply != '4' && *reply != '5')
        return;
    session->errors++;
    g_free(session->last_error);
    session->last_error = g_strdup(reply);
}

static void append_line(struct session *session, const char *line)
{
    session->settings->replies[*line - '0']++;
    g_string_append(session->output, line);
    g_string_append(session->output, "\r\n");
}

void replies_close(struct session *session, const char *reply)
{
    dialogue_reset(session);
    append_line(session, reply);
    session->state = SESSION_STATE_CLOSED;
}

void replies_break_off(struct session *session, const char *reply)
{
    replies_note_error(session, reply);
    replies_close(session, reply);
}

void replies_add(struct session *session, const char *format, ...)
{
    g_autofree char *reply = NULL;
    va_list arguments;

    va_start(arguments, format);
    reply = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    replies_note_error(session, reply);
    if (*reply == '5' && ++session->refused > session->settings->errors) {
        dialogue_hit(session, LIMIT_ERRORS);
        replies_close(session, "421 4.7.0 Too many errors");
    } else {
        append_line(session, reply);
    }
}

void replies_add_part(struct session *session, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_string_append_vprintf(session->output, format, arguments);
    va_end(arguments);
    g_string_append(session->output, "\r\n");
}

void replies_add_each(struct session *session, const char *reply)
{
    replies_note_error(session, reply);
    for (size_t left = session->replies_due; left > 0; left--)
        append_line(session, reply);
}
