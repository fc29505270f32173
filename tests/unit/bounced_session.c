/* The session's contract with its owner; what it says to the peer is in testdata/dialogues. */
#include "cmd/bounced/smtp/session.h"

#include <glib.h>
#include <string.h>

#include "cmd/bounced/smtp/data.h"
#include "cmd/bounced/smtp/session_state.h"
#include "parser/return_path.h"

/* --- mail data --------------------------------------------------------------------------------------------------- */

static const struct data_row {
    const char *fed;
    enum data_verdict verdict;
    const char *bytes;
    const char *rest; /* what is not taken */
} data_rows[] = {
    {".\r\n", DATA_VERDICT_GOOD, "", ""},
    {".\r\nQUIT\r\n", DATA_VERDICT_GOOD, "", "QUIT\r\n"},
    {"a\r\n.\r\n.\r\n", DATA_VERDICT_GOOD, "a\r\n", ".\r\n"},
    {"..\r\n.\r\n", DATA_VERDICT_GOOD, ".\r\n", ""},
    {".a\r\n.\r\n", DATA_VERDICT_GOOD, "a\r\n", ""},
    {"\r\n\r\n.\r\n", DATA_VERDICT_GOOD, "\r\n\r\n", ""},
    {"1234567890\r\n.\r\n", DATA_VERDICT_GOOD, "1234567890\r\n", ""},
    {"12345678901\r\n.\r\n", DATA_VERDICT_TOO_BIG, "", ""},
    {"1234567890\r\nx\r\n.\r\n", DATA_VERDICT_TOO_BIG, "", ""},
    {"a\n\r\n.\r\n", DATA_VERDICT_BARE, "", ""},
    {"a\n.\r\n.\r\n", DATA_VERDICT_BARE, "", ""},
    {"a\r.\r\n.\r\n", DATA_VERDICT_BARE, "", ""},
    {"a\r\r\n.\r\n", DATA_VERDICT_BARE, "", ""},
    {"\n\r\n.\r\n", DATA_VERDICT_BARE, "", ""},
    {".\n\r\n.\r\n", DATA_VERDICT_BARE, "", ""},
    {".\ra\r\n.\r\n", DATA_VERDICT_BARE, "", ""},
    {".\r.\r\n\r\n.\r\n", DATA_VERDICT_BARE, "", ""},
};

static void test_data(void)
{
    static const size_t pieces[] = {G_MAXSIZE / 2, 1, 2, 3};

    for (size_t i = 0; i < G_N_ELEMENTS(data_rows) * G_N_ELEMENTS(pieces); i++) {
        const struct data_row *row = &data_rows[i / G_N_ELEMENTS(pieces)];
        size_t piece = pieces[i % G_N_ELEMENTS(pieces)];
        const char *at = row->fed, *end = row->fed + strlen(row->fed);
        struct data data;

        g_test_message("row %zu in pieces of %zu", i / G_N_ELEMENTS(pieces), piece);
        data_init(&data, 12);
        while (data.place != DATA_PLACE_END) {
            g_assert_cmpuint(at - row->fed, <, end - row->fed);
            at += data_feed(&data, at, MIN(piece, (size_t)(end - at)));
        }
        data_finish(&data);
        g_assert_cmpint(data.verdict, ==, row->verdict);
        g_assert_cmpstr(data.bytes->str, ==, row->bytes);
        g_assert_cmpstr(at, ==, row->rest);
        data_clear(&data);
    }
}

/* --- the session ------------------------------------------------------------------------------------------------- */

static struct {
    guint64 replies[6];
    guint64 limits[LIMIT_COUNT];
} counters;
static struct session_settings settings = {.hostname = "mx.example.com",
                                           .message_size = 1000,
                                           .recipients = 10,
                                           .errors = 10,
                                           .commands = 10000,
                                           .replies = counters.replies,
                                           .limits = counters.limits};

static const struct session_link smtp = {.protocol = LISTEN_PROTOCOL_SMTP, .tls = LISTEN_TLS_NONE};

static const char envelope[] = "HELO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\n";
static const char message[] = "DATA\r\ntext\r\n.\r\n";

/* Feeds until the session takes no more, and lets it send. */
static size_t feed(struct session *session, const char *text)
{
    size_t length = strlen(text), taken = 0, more;

    do {
        if (session_expects_silence(session))
            session_sent(session, session_output(session)->len);
        if (session_next(session) == SESSION_EVENT_SENDER)
            session_permit(session);
        more = session_feed(session, text + taken, length - taken);
        taken += more;
    } while (more > 0 && taken < length);
    if (session_next(session) == SESSION_EVENT_SENDER)
        session_permit(session);
    return taken;
}

static struct session *greeted(void)
{
    struct session *session = session_new(&settings, &smtp);

    session_greet(session);
    session_sent(session, session_output(session)->len);
    return session;
}

/* Lines and headers far over RFC 5321's limits are taken, but not without end. */
static void test_long(void)
{
    static const struct {
        const char *before;
        size_t filler; /* octets of one line, or of header lines of 70 */
        size_t line;
        enum data_verdict verdict;
    } rows[] = {
        {"A: b\r\n\r\n", DATA_LINE_MAX - 1, DATA_LINE_MAX, DATA_VERDICT_GOOD},
        {"A: b\r\n\r\n", DATA_LINE_MAX + 1, DATA_LINE_MAX + 2, DATA_VERDICT_LONG_LINE},
        {"", DATA_HEADER_MAX / 2, 70, DATA_VERDICT_GOOD},
        {"", DATA_HEADER_MAX + 100, 70, DATA_VERDICT_LONG_HEADER},
        {"A: b\r\n\r\n", DATA_HEADER_MAX + 100, 70, DATA_VERDICT_GOOD},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) text = g_string_new(rows[i].before);
        struct data data;

        for (size_t taken = 0; taken < rows[i].filler; taken += rows[i].line) {
            size_t length = MIN(rows[i].line, rows[i].filler - taken);

            for (size_t n = 0; n < length; n++)
                g_string_append_c(text, 'x');
            g_string_append(text, "\r\n");
        }
        g_string_append(text, "\r\nend\r\n.\r\n");
        data_init(&data, 1 << 24);
        g_assert_cmpuint(data_feed(&data, text->str, text->len), ==, text->len);
        data_finish(&data);
        g_test_message("row %zu", i);
        g_assert_cmpint(data.verdict, ==, rows[i].verdict);
        data_clear(&data);
    }
}

/* Output that was written is output no longer, and the rest is; the peer is not to speak before all of it is gone. */
static void test_sent_in_part(void)
{
    g_autoptr(Session) session = greeted();

    feed(session, "EHLO a.example\r\n");
    for (const char *whole = "250-mx.example.com\r\n250-PIPELINING\r\n"; *whole != '\0'; whole++) {
        g_assert_true(g_str_has_prefix(session_output(session)->str, whole));
        session_sent(session, 1);
        g_assert_true(session_expects_silence(session));
        g_assert_cmpint(session_next(session), ==, SESSION_EVENT_WRITE);
    }
    g_assert_true(g_str_has_prefix(session_output(session)->str, "250-SIZE 1000\r\n"));
    session_sent(session, session_output(session)->len - 1);
    g_assert_cmpstr(session_output(session)->str, ==, "\n");
    g_assert_true(session_expects_silence(session));
    session_sent(session, 1);
    g_assert_cmpuint(session_output(session)->len, ==, 0);
    g_assert_false(session_expects_silence(session));
}

/* Nothing behind a message is taken, and nothing is said, before the answer. */
static void test_waits(void)
{
    g_autoptr(Session) session = greeted();
    g_autoptr(Transaction) transaction = NULL;

    g_assert_cmpuint(feed(session, envelope), ==, strlen(envelope));
    g_assert_cmpuint(feed(session, message), ==, strlen(message));
    session_sent(session, session_output(session)->len);
    g_assert_cmpint(session_next(session), ==, SESSION_EVENT_MESSAGE);
    g_assert_cmpuint(feed(session, "QUIT\r\n"), ==, 0);
    transaction = session_take_message(session);
    g_assert_cmpstr(transaction->message->str, ==, "text\r\n");
    g_assert_cmpint(session_next(session), ==, SESSION_EVENT_WAIT);
    g_assert_cmpuint(feed(session, "QUIT\r\n"), ==, 0);
    g_assert_cmpuint(session_output(session)->len, ==, 0);
    session_conclude(session, SESSION_OUTCOME_STORED);
    g_assert_cmpstr(session_output(session)->str, ==, "250 2.0.0 Message stored\r\n");
    g_assert_cmpint(session_next(session), ==, SESSION_EVENT_READ);
    g_assert_cmpuint(feed(session, "QUIT\r\nNOOP\r\n"), ==, strlen("QUIT\r\n"));
    g_assert_cmpint(session_next(session), ==, SESSION_EVENT_CLOSE);
}

/* A message that is given away is the caller's: the next transaction starts empty. */
static void test_gives_away(void)
{
    g_autoptr(Session) session = greeted();

    feed(session, "HELO a.example\r\n");
    for (int i = 0; i < 3; i++) {
        g_autoptr(Transaction) transaction = NULL;

        feed(session, strchr(envelope, '\n') + 1);
        feed(session, message);
        transaction = session_take_message(session);
        g_assert_cmpstr(transaction->mail_from, ==, "");
        g_assert_cmpuint(transaction->recipients->len, ==, 1);
        g_assert_cmpstr(transaction->message->str, ==, "text\r\n");
        session_conclude(session, SESSION_OUTCOME_FAILED);
    }
    g_assert_cmpuint(session_errors(session), ==, 3);
    g_assert_cmpstr(session_last_error(session), ==, "451 4.3.0 Message cannot be stored now, try again later");
}

/* The memory that a message takes is known, and can be had back before it is complete. */
static void test_shed(void)
{
    g_autoptr(Session) session = greeted();
    g_autoptr(Transaction) transaction = NULL;

    feed(session, envelope);
    g_assert_cmpuint(session_held(session), ==, 0);
    for (int i = 0; i < 2; i++) {
        feed(session, "BDAT 10\r\n0123456789");
        g_assert_cmpuint(session_held(session), >=, 10);
        session_shed(session);
        g_assert_cmpuint(session_held(session), ==, 0);
        session_sent(session, session_output(session)->len);
        feed(session, "BDAT 4 LAST\r\ntext");
        g_assert_cmpstr(session_output(session)->str, ==, "452 4.3.1 Insufficient memory, try again later\r\n");
        feed(session, strchr(envelope, '\n') + 1);
    }
    feed(session, message);
    g_assert_cmpuint(session_held(session), >=, strlen("text\r\n"));
    g_assert_cmpint(session_next(session), ==, SESSION_EVENT_MESSAGE);
    transaction = session_take_message(session);
    g_assert_nonnull(transaction);
    g_assert_cmpuint(session_held(session), ==, 0);
}

/* Where a message begins and ends for a stop. */
static void test_in_message(void)
{
    static const struct {
        const char *fed;
        bool in_message;
    } rows[] = {
        {"NOOP\r\n", false},         {"HELO a.example\r\n", false},
        {"MAIL FROM:<>\r\n", false}, {"RSET\r\n", false},
        {"MAIL FROM:<>\r\n", false}, {"RCPT TO:<postmaster>\r\n", false},
        {"DATA\r\n", true},          {".\r\n", true},
    };
    g_autoptr(Session) session = greeted();

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %zu", i);
        feed(session, rows[i].fed);
        g_assert_cmpint(session_in_message(session), ==, rows[i].in_message);
    }
    transaction_free(session_take_message(session));
    g_assert_true(session_in_message(session));
    session_conclude(session, SESSION_OUTCOME_STORED);
    g_assert_false(session_in_message(session));
}

/* An owner that must go may go at any time, with a message in the session's hands too. */
static void test_end(void)
{
    static const char *const fed[] = {"", "HELO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nDATA\r\nx\r\n",
                                      "HELO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nDATA\r\n.\r\n"};

    for (size_t i = 0; i < G_N_ELEMENTS(fed); i++) {
        g_autoptr(Session) session = greeted();

        feed(session, fed[i]);
        session_sent(session, session_output(session)->len);
        session_end(session, SESSION_END_IDLE);
        session_end(session, SESSION_END_STOPPING);
        g_assert_cmpstr(session_output(session)->str, ==, "421 4.4.2 Idle timeout exceeded\r\n");
        g_assert_cmpint(session_next(session), ==, SESSION_EVENT_CLOSE);
    }
}

/* A peer that talks and does not read is not listened to, however much it says. */
static void test_bounded_output(void)
{
    g_autoptr(Session) session = greeted();
    g_autoptr(GString) flood = g_string_new(NULL);
    size_t taken;

    for (int i = 0; i < 10000; i++)
        g_string_append(flood, "HELP\r\n");
    taken = session_feed(session, flood->str, flood->len);
    g_assert_cmpuint(taken, <, flood->len);
    g_assert_cmpint(session_next(session), ==, SESSION_EVENT_WRITE);
    g_assert_cmpuint(session_output(session)->len, <, 8192);
    g_assert_cmpuint(session_feed(session, flood->str + taken, flood->len - taken), ==, 0);
    session_sent(session, session_output(session)->len);
    g_assert_cmpint(session_next(session), ==, SESSION_EVENT_READ);
    g_assert_cmpuint(session_feed(session, flood->str + taken, flood->len - taken), >, 0);
}

/* Behind some commands nothing may be pipelined: the session says so as long as its reply is not with the peer. */
static void test_silence(void)
{
    static const struct {
        const char *fed;
        bool silence;
    } rows[] = {
        {"EHLO a.example\r\n", true}, {"NOOP\r\n", true},   {"HELP\r\n", false},
        {"MAIL FROM:<>\r\n", false},  {"VRFY a\r\n", true}, {"RCPT TO:<postmaster>\r\n", false},
        {"DATA\r\n", true},           {"text\r\n", false},
    };
    g_autoptr(Session) session = greeted();

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %zu", i);
        feed(session, rows[i].fed);
        g_assert_cmpint(session_expects_silence(session), ==, rows[i].silence);
        g_assert_cmpint(session_next(session), ==, rows[i].silence ? SESSION_EVENT_WRITE : SESSION_EVENT_READ);
        g_assert_cmpuint(session_feed(session, "x", rows[i].silence ? 1 : 0), ==, 0);
        session_sent(session, session_output(session)->len);
        g_assert_false(session_expects_silence(session));
        g_assert_cmpint(session_next(session), ==, SESSION_EVENT_READ);
    }
}

/* The counters: replies by their class, and the limits that were hit. */
static void test_counts(void)
{
    const struct session_settings tight = {.hostname = "mx.example.com",
                                           .message_size = 10,
                                           .recipients = 1,
                                           .errors = 2,
                                           .commands = 10,
                                           .replies = counters.replies,
                                           .limits = counters.limits};
    struct session *session = session_new(&tight, &smtp);

    memset(&counters, 0, sizeof counters);
    session_greet(session);
    feed(session, "HELO a.example\r\nMAIL FROM:<> SIZE=11\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\n");
    feed(session, "RCPT TO:<postmaster>\r\nDATA\r\n123456789\r\n.\r\nFOO\r\n");
    g_assert_cmpint(session_next(session), ==, SESSION_EVENT_CLOSE);
    g_assert_cmpuint(counters.replies[2], ==, 4);
    g_assert_cmpuint(counters.replies[3], ==, 1);
    g_assert_cmpuint(counters.replies[4], ==, 2); /* with the 421 in the end */
    g_assert_cmpuint(counters.replies[5], ==, 2);
    g_assert_cmpuint(counters.limits[LIMIT_MESSAGE_SIZE], ==, 2);
    g_assert_cmpuint(counters.limits[LIMIT_RECIPIENTS], ==, 1);
    g_assert_cmpuint(counters.limits[LIMIT_ERRORS], ==, 1);
    session_free(session);
    session = session_new(&tight, &smtp);
    session_greet(session);
    for (int i = 0; i < 11; i++)
        feed(session, "HELP\r\n");
    session_free(session);
    g_assert_cmpuint(counters.limits[LIMIT_COMMANDS], ==, 1);
}

/* Each state has its row. A command is read, and so may be out of sequence, outside of messages' octets alone. */
static void test_states(void)
{
    for (size_t i = 0; i < SESSION_STATE_COUNT; i++) {
        const struct session_state_row *row = &session_states[i];

        g_test_message("row %zu", i);
        g_assert_nonnull(row->name);
        g_assert_true(row->in_transaction || !row->in_message);
        g_assert_true(row->event == SESSION_EVENT_READ || row->out_of_sequence == NULL);
        g_assert_true(row->out_of_sequence == NULL || g_str_has_prefix(row->out_of_sequence, "503 5.5.1 "));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/session/states", test_states);
    g_test_add_func("/session/data", test_data);
    g_test_add_func("/session/long", test_long);
    g_test_add_func("/session/sent-in-part", test_sent_in_part);
    g_test_add_func("/session/waits", test_waits);
    g_test_add_func("/session/gives-away", test_gives_away);
    g_test_add_func("/session/in-message", test_in_message);
    g_test_add_func("/session/shed", test_shed);
    g_test_add_func("/session/end", test_end);
    g_test_add_func("/session/bounded-output", test_bounded_output);
    g_test_add_func("/session/silence", test_silence);
    g_test_add_func("/session/counts", test_counts);
    return g_test_run();
}
