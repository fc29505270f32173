#include "cmd/bounced/smtp/session.h"

#include <string.h>

#include "cmd/bounced/smtp/chunk.h"
#include "cmd/bounced/smtp/command.h"
#include "cmd/bounced/smtp/dialogue.h"

/* Replies that may wait for a peer that does not read; a few more octets come with the reply that passes it. */
enum { OUTPUT_MAX = 4096 };

struct session *session_new(const struct session_settings *settings, const struct session_link *link)
{
    struct session *session = g_new0(struct session, 1);

    session->settings = settings;
    session->link = *link;
    session->state = STATE_NEW;
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

/* --- replies ----------------------------------------------------------------------------------------------------- */

/* For the log. */
static void note_error(struct session *session, const char *reply)
{
    if (*reply != '4' && *reply != '5')
        return;
    session->errors++;
    g_free(session->last_error);
    session->last_error = g_strdup(reply);
}

static void append_line(struct session *session, const char *line)
{
    session->settings->counters->replies[*line - '0']++;
    g_string_append(session->output, line);
    g_string_append(session->output, "\r\n");
}

void dialogue_hit(const struct session *session, enum limit limit)
{
    session->settings->counters->limits[limit]++;
}

void dialogue_reply_part(struct session *session, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_string_append_vprintf(session->output, format, arguments);
    va_end(arguments);
    g_string_append(session->output, "\r\n");
}

static void hang_up(struct session *session, const char *reply)
{
    dialogue_reset(session);
    append_line(session, reply);
    session->state = STATE_CLOSED;
}

void dialogue_reply(struct session *session, const char *format, ...)
{
    g_autofree char *reply = NULL;
    va_list arguments;

    va_start(arguments, format);
    reply = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    note_error(session, reply);
    if (*reply == '5' && ++session->refused > session->settings->errors) {
        dialogue_hit(session, LIMIT_ERRORS);
        hang_up(session, "421 4.7.0 Too many errors");
    } else {
        append_line(session, reply);
    }
}

void session_greet(struct session *session)
{
    g_assert(session->state == STATE_NEW || session->state == STATE_XCLIENT);
    dialogue_reply(session, "220 %s %s bounced", session->settings->hostname,
                   session->link.protocol == LISTEN_LMTP ? "LMTP" : "ESMTP");
    session->state = STATE_GREETED;
}

const struct network_host *session_client(const struct session *session)
{
    return &session->link.host;
}

/* The reasons to say 421 (RFC 5321 section 3.8) or, to a peer that is none of SMTP's, 554; one a row. */
static const char *const end_replies[] = {
    [SESSION_IDLE] = "421 4.4.2 Idle for too long",
    [SESSION_SLOW] = "421 4.4.2 No complete message for too long",
    [SESSION_BUSY] = "421 4.3.2 Too many connections, try again later",
    [SESSION_FULL] = "421 4.3.2 Too much mail at once, try again later",
    [SESSION_CROWDED] = "421 4.7.0 Too many connections from your address, try again later",
    [SESSION_RATE] = "421 4.7.0 Too many connections in a short time, try again later",
    [SESSION_EARLY] = "554 5.5.1 You talked before it was your turn",
    [SESSION_STOPPING] = "421 4.3.2 The service is stopping, try again later",
};

void session_end(struct session *session, enum session_end why)
{
    if (session->state == STATE_CLOSED)
        return;
    if (why != SESSION_STOPPING)
        note_error(session, end_replies[why]);
    hang_up(session, end_replies[why]);
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

void dialogue_reset(struct session *session)
{
    data_clear(&session->data);
    g_clear_pointer(&session->transaction, transaction_free);
    if (session->state > STATE_READY && session->state < STATE_CLOSED)
        session->state = STATE_READY;
}

/* Takes bytes up to a CRLF; true when it came. */
static bool take_line(struct session *session, const char **at, const char *end)
{
    GString *line = session->line;
    const char *lf = memchr(*at, '\n', (size_t)(end - *at));
    size_t length = (size_t)((lf != NULL ? lf + 1 : end) - *at);
    size_t room = SESSION_LINE_MAX - line->len;

    if (length > room) {
        /* The last two octets alone matter from here on: are they CRLF? */
        session->line_too_long = true;
        g_string_append_len(line, *at + length - MIN(length, 2), (gssize)MIN(length, 2));
        g_string_erase(line, 0, (gssize)line->len - 2);
    } else {
        g_string_append_len(line, *at, (gssize)length);
    }
    *at += length;
    return line->len >= 2 && memcmp(line->str + line->len - 2, "\r\n", 2) == 0;
}

static bool has_control(const GString *line)
{
    for (size_t i = 0; i < line->len; i++) {
        if (g_ascii_iscntrl(line->str[i]) && line->str[i] != '\t')
            return true;
    }
    return false;
}

static void run_line(struct session *session)
{
    GString *line = session->line;

    g_string_truncate(line, line->len - 2);
    if (++session->commands > session->settings->commands) {
        dialogue_hit(session, LIMIT_COMMANDS);
        hang_up(session, "421 4.7.0 Too many commands without a message");
    } else if (session->line_too_long)
        dialogue_reply(session, "500 5.5.2 Line too long");
    else if (has_control(line))
        dialogue_reply(session, "500 5.5.2 Control character in a command; only CRLF ends a line");
    else
        command_run(session, line->str);
    session->line_too_long = false;
    g_string_truncate(line, 0);
}

/* What the data came to; the recipients have been accepted, so LMTP answers each of them. */
static const char *const data_replies[] = {
    [DATA_TOO_BIG] = "552 5.3.4 Message too big",
    [DATA_LONG_LINE] = "554 5.6.0 A line of the message is longer than 1048576 octets",
    [DATA_LONG_HEADER] = "554 5.6.0 The header of the message is longer than 1048576 octets",
    [DATA_NO_ROOM] = "452 4.3.1 Too much mail at once, try again later",
    [DATA_BARE] = "550 5.6.11 Bare CR or LF in the message; only CRLF ends a line",
};

static void reply_to_each(struct session *session, const char *reply)
{
    note_error(session, reply);
    for (size_t left = session->answers; left > 0; left--)
        append_line(session, reply);
}

static void note_verdict(const struct session *session, enum data_verdict verdict)
{
    if (verdict == DATA_TOO_BIG)
        dialogue_hit(session, LIMIT_MESSAGE_SIZE);
    else if (verdict == DATA_NO_ROOM)
        dialogue_hit(session, LIMIT_MEMORY);
}

void dialogue_end_data(struct session *session, bool last)
{
    bool each = session->link.protocol == LISTEN_LMTP && last;
    enum data_verdict verdict;

    data_finish(&session->data);
    verdict = session->data.verdict;
    session->answers = each ? session->transaction->recipients->len : 1;
    if (verdict != DATA_GOOD) {
        dialogue_reset(session);
        session->refused += *data_replies[verdict] == '5';
        note_verdict(session, verdict);
        reply_to_each(session, data_replies[verdict]);
        return;
    }
    session->transaction->message = g_steal_pointer(&session->data.bytes);
    session->state = STATE_MESSAGE;
}

size_t session_feed(struct session *session, const char *bytes, size_t length)
{
    const char *at = bytes;
    const char *end = bytes + length;

    while (at < end && session_next(session) == SESSION_READ) {
        if (session->state == STATE_DATA) {
            at += data_feed(&session->data, at, (size_t)(end - at));
            if (session->data.place == DATA_END)
                dialogue_end_data(session, true);
        } else if (session->state == STATE_CHUNK) {
            at += chunk_feed(session, at, (size_t)(end - at));
        } else if (take_line(session, &at, end)) {
            run_line(session);
        }
    }
    return (size_t)(at - bytes);
}

/* --- what is next ------------------------------------------------------------------------------------------------ */

enum session_event session_next(const struct session *session)
{
    switch (session->state) {
    case STATE_MESSAGE:
        return SESSION_MESSAGE;
    case STATE_ANSWER:
        return SESSION_WAIT;
    case STATE_CLOSED:
        return SESSION_CLOSE;
    case STATE_STARTTLS:
        return SESSION_STARTTLS;
    case STATE_XCLIENT:
        return SESSION_XCLIENT;
    case STATE_SENDER:
        return SESSION_SENDER;
    default:
        return session->silence || session->output->len >= OUTPUT_MAX ? SESSION_WRITE : SESSION_READ;
    }
}

void session_permit(struct session *session, bool permitted)
{
    g_assert(session->state == STATE_SENDER);
    if (!permitted)
        dialogue_reset(session);
    session->state = permitted ? STATE_MAIL : STATE_READY;
    dialogue_reply(session, "%s",
                   permitted ? "250 2.1.0 Sender ok" : "450 4.7.1 Too many messages in a short time, try again later");
}

struct transaction *session_take_message(struct session *session)
{
    g_assert(session->state == STATE_MESSAGE);
    session->state = STATE_ANSWER;
    return g_steal_pointer(&session->transaction);
}

void session_answer(struct session *session, enum session_answer answer)
{
    static const char *const replies[] = {
        [SESSION_STORED] = "250 2.0.0 Kept",
        [SESSION_FAILED] = "451 4.3.0 Cannot be kept now, try again later",
    };

    g_assert(session->state == STATE_ANSWER);
    session->refused = 0;
    session->commands = 0;
    dialogue_reset(session);
    reply_to_each(session, replies[answer]);
}

void session_encrypted(struct session *session)
{
    g_assert(session->state == STATE_STARTTLS);
    session->encrypted = true;
    session->state = STATE_GREETED;
}

bool session_in_message(const struct session *session)
{
    return session->state >= STATE_BDAT && session->state <= STATE_ANSWER;
}

size_t session_held(const struct session *session)
{
    const struct data *data = &session->data;

    if (session->state == STATE_MESSAGE)
        return session->transaction->message->allocated_len;
    return data->bytes != NULL && data->verdict == DATA_GOOD ? data->bytes->allocated_len : 0;
}

void session_shed(struct session *session)
{
    g_assert(session->data.bytes != NULL);
    data_refuse(&session->data, DATA_NO_ROOM);
}

size_t session_errors(const struct session *session)
{
    return session->errors;
}

const char *session_last_error(const struct session *session)
{
    return session->last_error;
}
