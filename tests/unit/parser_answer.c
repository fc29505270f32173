#include "parser/text/answer.h"

#include <glib.h>
#include <string.h>

static const struct {
    const char *text;
    unsigned reply;
    const char *status;
} cases[] = {
    {"550 5.1.1 <anna@example.org>: no such user", 550, "5.1.1"},
    {"550-5.1.1 first line 550 5.1.2 last line", 550, "5.1.2"},
    {"550 #5.1.0 Address rejected", 550, "5.1.0"},
    {"#550 5.1.1 RESOLVER", 550, "5.1.1"},
    {"5.1.1 no reply code", 0, "5.1.1"},
    {"550 no status", 550, ""},
    {"571", 571, ""},
    {"host mx.example.org[192.0.2.1] said: 452 4.2.2 full (in reply to RCPT TO command)", 452, "4.2.2"},
    {"host mx said: 554 no (in reply to end of DATA command)", 554, ""},
    {"SMTP error from remote mail server after RCPT TO:<anna@example.org>: 550 no", 550, ""},
    {"SMTP error from remote mail server after pipelined MAIL FROM:<>: 421 later", 421, ""},
    {"lost connection after 5 minutes", 0, ""},
    {"554 4.4.7 expired: <421 4.4.2 lost>", 421, "4.4.2"},
    {"5.1.0 - Unknown address error 550-'5.7.1 Access denied'", 550, "5.7.1"},
    {"Remote Server returned '550 5.1.10 not found'", 550, "5.1.10"},
    {"server refused to talk to me: 421 busy", 421, ""},
    {"421 4.4.1 gone; 550 User unknown", 550, ""},
    {"554 5.7.1 <h[192.0.2.1]:49309>: Client host rejected: #216 code X_630", 554, "5.7.1"},
    {"550 5.1.1 Invalid recipient. OFR_416 [416]", 550, "5.1.1"},
    {"the mailbox is full: 512 MB of 500 MB", 0, ""},
    {"550 Mbox is full", 550, ""},
    {"450 messages are too many", 450, ""},
    {"you sent 500 messages in 250 seconds", 0, ""},
    {"listening on 5.1.1.10 and 192.5.1.1, version 4.92.3, see RFC 5.1.1234", 0, ""},
    {"call 555-1234 or 4505", 0, ""},
    {"it said 550 then", 550, ""},
    {"354 go ahead", 0, ""},
    {"250 2.1.5 Ok", 250, "2.1.5"},
    {"", 0, ""},
};

static void test_find(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct answer answer;
        g_autofree char *status = NULL;

        answer_find(span_of(cases[i].text), &answer);
        status = g_strndup(answer.status.at, answer.status.length);
        if (answer.reply != cases[i].reply || strcmp(status == NULL ? "" : status, cases[i].status) != 0) {
            g_test_message("%s: got %u %s", cases[i].text, answer.reply, status);
            g_test_fail();
        }
    }
}

static void test_status(void)
{
    static const char *const good[] = {"2.0.0", "4.4.7", "5.1.10", "5.7.515"};
    static const char *const bad[] = {"",       "5",        "5.1",    "5.1.",  "5.1.1.", "3.1.1",
                                      "5.10.1", "5.1.1234", "5.1.1 ", "5,1,1", "x.1.1"};

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(answer_is_status(span_of(good[i])));
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(answer_is_status(span_of(bad[i])));
    g_assert_true(answer_is_vague(span_of("5.0.0")));
    g_assert_false(answer_is_vague(span_of("5.0.1")));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/answer/find", test_find);
    g_test_add_func("/parser/answer/status", test_status);
    return g_test_run();
}
