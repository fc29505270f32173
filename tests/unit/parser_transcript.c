/* Printed sessions: an example for each mark, and the last refusal. */
#include "parser/prose/transcript.h"

static const struct {
    const char *line;
    enum transcript_line what;
    const char *text;
} lines[] = {
    {">>> RCPT To:<anna@example.org>", TRANSCRIPT_LINE_SENT, "RCPT To:<anna@example.org>"},
    {"  <<< 550 no", TRANSCRIPT_LINE_RECEIVED, "550 no"},
    {"In: RCPT TO:<anna@example.org>", TRANSCRIPT_LINE_ASKED, "RCPT TO:<anna@example.org>"},
    {"Out: 550 no", TRANSCRIPT_LINE_REPLIED, "550 no"},
    {"09:15:02: --> DATA", TRANSCRIPT_LINE_SENT, "DATA"},
    {"09:15:02: <-- 550 no", TRANSCRIPT_LINE_RECEIVED, "550 no"},
    {"hMailServer sent: DATA", TRANSCRIPT_LINE_SENT, "DATA"},
    {"Remote server replied: 550 no", TRANSCRIPT_LINE_RECEIVED, "550 no"},
    {"it said <<< 550 no", TRANSCRIPT_LINE_OTHER, ""},
    {"Login: In: no", TRANSCRIPT_LINE_OTHER, ""},
    {"550 no", TRANSCRIPT_LINE_OTHER, ""},
    {"", TRANSCRIPT_LINE_OTHER, ""},
};

static void test_lines(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        struct span text = {"", 0};
        enum transcript_line what = transcript_line(span_of(lines[i].line), &text);
        g_autofree char *got = g_strndup(text.at, text.length);

        if (what != lines[i].what || g_strcmp0(got, lines[i].text) != 0) {
            g_test_message("%s: got %d, %s", lines[i].line, what, got);
            g_test_fail();
        }
    }
}

static const struct {
    const char *text;
    const char *refusal; /* NULL: there is none */
    const char *command;
} sessions[] = {
    {"550 no\n", NULL, NULL},
    {"<<< 250 ok\n", NULL, NULL},
    {"<<< 550 no\n", "550 no", NULL},
    {">>> MAIL FROM:<>\n<<< 250 ok\n>>> RCPT TO:<anna@example.org>\n<<< 550-no\n<<< 550 user\n>>> QUIT\n<<< 221 bye\n",
     "550-no 550 user", "RCPT"},
    {">>> RCPT TO:<anna@example.org>\n<<< 450 later\n>>> DATA\n<<< 554 no\n", "554 no", "DATA"},
};

static void test_refusal(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sessions); i++) {
        const char *command;
        g_autoptr(GString) refusal = transcript_refusal(span_of(sessions[i].text), &command);

        g_assert_cmpstr(refusal == NULL ? NULL : refusal->str, ==, sessions[i].refusal);
        g_assert_cmpstr(command, ==, sessions[i].command);
    }
}

/* The received text is bounded, however long it is. */
static void test_bound(void)
{
    g_autofree char *line = g_strnfill(3000, '5');
    struct exchange exchange;

    exchange_init(&exchange);
    exchange_send(&exchange, span_of("DATA"));
    exchange_receive(&exchange, span_of(line));
    exchange_receive(&exchange, span_of(line));
    g_assert_cmpuint(exchange.reply->len, ==, 3000);
    g_assert_true(exchange.refused);
    exchange_forget(&exchange);
    g_assert_false(exchange.refused);
    g_assert_cmpstr(exchange.command, ==, "DATA");
    exchange_clear(&exchange);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/transcript/lines", test_lines);
    g_test_add_func("/parser/transcript/refusal", test_refusal);
    g_test_add_func("/parser/transcript/bound", test_bound);
    return g_test_run();
}
