#include "cmd/bounced/smtp/session.h"

#include <string.h>

#include "cmd/bounced/smtp/command.h"
#include "cmd/bounced/smtp/content.h"
#include "cmd/bounced/smtp/dialogue.h"
#include "cmd/bounced/smtp/replies.h"

/* Replies that may wait for a peer that does not read; a few more octets come with the reply that passes it. */
enum { OUTPUT_MAX = 4096 };

struct session *session_new(const struct session_settings *settings, const struct session_link *link)
{
    struct session *session = g_new0(struct session, 1);

    session->settings = settings;
    session->link = *link;
    session->state = SESSION_STATE_NEW;
    session->line = g_string_new(NULL);
    session->output = g_string_new(NULL);
    return session;
}

void session_free(struct session *session)
{
    if (session == NULL)
        return;
    data_clear(&session->data);
    transaction_free(session->transaction);
    g_string_free(session->line, TRUE);
    g_string_free(session->output, TRUE);
    g_free(session->last_error);
    g_free(session);
}

/* --- greeting and ending ----------------------------------------------------------------------------------------- */

void session_greet(struct session *session)
{
    g_assert(session->state == SESSION_STATE_NEW || session->state == SESSION_STATE_XCLIENT);
    replies_add(session, "220 %s %s bounced", session->settings->hostname,
                session->link.protocol == LISTEN_PROTOCOL_LMTP ? "LMTP" : "ESMTP");
    session->state = SESSION_STATE_GREETED;
}

const struct network_host *session_client(const struct session *session)
{
    return &session->link.host;
}

/* RFC 5321 section 3.8 wants 421. A peer that does not wait for its turn does not speak SMTP, and gets 554. */
static const char *const end_replies[] = {
    [SESSION_END_IDLE] = "421 4.4.2 Idle timeout exceeded",
    [SESSION_END_SLOW] = "421 4.4.2 Session timeout exceeded",
    [SESSION_END_SLOW_DATA] = "421 4.4.2 Data comes too slowly",
    [SESSION_END_BUSY] = "421 4.3.2 Too many connections, try again later",
    [SESSION_END_FULL] = "421 4.3.2 Insufficient memory, try again later",
    [SESSION_END_CROWDED] = "421 4.7.0 Too many connections from your address, try again later",
    [SESSION_END_RATE] = "421 4.7.0 Connection rate limit exceeded, try again later",
    [SESSION_END_EARLY] = "554 5.5.1 Protocol synchronization error: input was sent too early",
    [SESSION_END_STOPPING] = "421 4.3.2 The service is stopping, try again later",
};

void session_end(struct session *session, enum session_end why)
{
    if (session->state == SESSION_STATE_CLOSED)
        return;
    (why == SESSION_END_STOPPING ? replies_close : replies_break_off)(session, end_replies[why]);
}

const GString *session_output(const struct session *session)
{
    return session->output;
}

void session_sent(struct session *session, size_t length)
{
    g_string_erase(session->output, 0, (gssize)length);
    session->silence = session->silence && session->output->len > 0;
}

bool session_expects_silence(const struct session *session)
{
    return session->silence;
}

/* --- bytes ------------------------------------------------------------------------------------------------------- */

/* Does the line end here: by CRLF, or by a lone LF where that is taken for it? */
static bool is_whole(struct session *session)
{
    const GString *line = session->line;
    bool crlf = line->len >= 2 && memcmp(line->str + line->len - 2, "\r\n", 2) == 0;

    session->lone = !crlf && session->link.normalize && line->len > 0 && line->str[line->len - 1] == '\n';
    return crlf || session->lone;
}

/* Takes bytes up to a line end; true when it came. */
static bool take_line(struct session *session, const char **at, const char *end)
{
    GString *line = session->line;
    const char *lf = memchr(*at, '\n', (size_t)(end - *at));
    size_t length = (size_t)((lf != NULL ? lf + 1 : end) - *at);
    size_t room = SESSION_LINE_MAX - line->len;

    if (length > room) {
        /* The last two octets alone matter from here on: are they CRLF? */
        if (!session->line_too_long) {
            g_string_append_len(line, *at, (gssize)room);
            session->has_octets = command_has_octets(line->str);
        }
        session->line_too_long = true;
        g_string_append_len(line, *at + length - MIN(length, 2), (gssize)MIN(length, 2));
        g_string_erase(line, 0, (gssize)line->len - 2);
    } else {
        g_string_append_len(line, *at, (gssize)length);
    }
    *at += length;
    return is_whole(session);
}

static bool has_control(const GString *line)
{
    for (size_t i = 0; i < line->len; i++) {
        if (g_ascii_iscntrl(line->str[i]) && line->str[i] != '\t')
            return true;
    }
    return false;
}

/* NULL: it is one. */
static const char *why_no_command(const struct session *session)
{
    if (session->line_too_long)
        return "500 5.5.2 Line too long";
    if (has_control(session->line))
        return "500 5.5.2 Control character in a command; only CRLF ends a line";
    return NULL;
}

static void run_line(struct session *session)
{
    GString *line = session->line;
    const char *why;

    g_string_truncate(line, line->len - (session->lone ? 1 : 2));
    why = why_no_command(session);
    if (++session->commands > session->settings->commands) {
        dialogue_hit(session, LIMIT_COMMANDS);
        replies_close(session, "421 4.7.0 Too many commands without a message");
    } else if (why == NULL) {
        command_run(session, line->str);
    } else if (session->line_too_long ? session->has_octets : command_has_octets(line->str)) {
        replies_break_off(session, why);
    } else {
        replies_add(session, "%s", why);
    }
    session->line_too_long = false;
    g_string_truncate(line, 0);
}

size_t session_feed(struct session *session, const char *bytes, size_t length)
{
    const char *at = bytes;
    const char *end = bytes + length;

    while (at < end && session_next(session) == SESSION_EVENT_READ) {
        if (session->state == SESSION_STATE_DATA || session->state == SESSION_STATE_CHUNK)
            at += content_feed(session, at, (size_t)(end - at));
        else if (take_line(session, &at, end))
            run_line(session);
    }
    return (size_t)(at - bytes);
}

/* --- what is next ------------------------------------------------------------------------------------------------ */

enum session_event session_next(const struct session *session)
{
    enum session_event event = session_states[session->state].event;

    if (event == SESSION_EVENT_READ && (session->silence || session->output->len >= OUTPUT_MAX))
        return SESSION_EVENT_WRITE;
    return event;
}

void session_permit(struct session *session)
{
    g_assert(session->state == SESSION_STATE_SENDER);
    session->state = SESSION_STATE_MAIL;
    replies_add(session, "250 2.1.0 Sender ok");
}

void session_defer(struct session *session)
{
    g_assert(session->state == SESSION_STATE_SENDER);
    dialogue_reset(session);
    replies_add(session, "450 4.7.1 Message rate limit exceeded, try again later");
}

struct transaction *session_take_message(struct session *session)
{
    g_assert(session->state == SESSION_STATE_MESSAGE);
    session->state = SESSION_STATE_TAKEN;
    return g_steal_pointer(&session->transaction);
}

void session_conclude(struct session *session, enum session_outcome outcome)
{
    static const char *const replies[] = {
        [SESSION_OUTCOME_STORED] = "250 2.0.0 Message stored",
        [SESSION_OUTCOME_FAILED] = "451 4.3.0 Message cannot be stored now, try again later",
    };

    g_assert(session->state == SESSION_STATE_TAKEN);
    session->refused = 0;
    session->commands = 0;
    dialogue_reset(session);
    replies_add_each(session, replies[outcome]);
}

void session_encrypted(struct session *session)
{
    g_assert(session->state == SESSION_STATE_STARTTLS);
    session->encrypted = true;
    session->state = SESSION_STATE_GREETED;
}

bool session_in_message(const struct session *session)
{
    return session_states[session->state].in_message;
}

size_t session_held(const struct session *session)
{
    const struct data *data = &session->data;

    if (session->state == SESSION_STATE_MESSAGE)
        return session->transaction->message->allocated_len;
    return data->bytes != NULL && data->verdict == DATA_VERDICT_GOOD ? data->bytes->allocated_len : 0;
}

void session_shed(struct session *session)
{
    g_assert(session->data.bytes != NULL);
    data_refuse(&session->data, DATA_VERDICT_NO_ROOM);
}

size_t session_errors(const struct session *session)
{
    return session->errors;
}

const char *session_last_error(const struct session *session)
{
    return session->last_error;
}
