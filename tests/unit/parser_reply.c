#include "parser/text/reply.h"

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
    {"it said 560 then", 0, ""},
    {"it said 571 then", 0, ""},
    {"it said 559 then", 559, ""},
    {"it said: 571 no", 571, ""},
    {"it said: 580 no", 0, ""},
    {"354 go ahead", 0, ""},
    {"250 2.1.5 Ok", 250, "2.1.5"},
    /* what is quoted of another server */
    {"host a said: 554 5.1.1 <anna@example.org>: undeliverable address: host b said: 550 no", 554, "5.1.1"},
    {"550 5.1.7 <a@example.com>: Sender address rejected: undeliverable address: host b said: 550 5.1.1 no", 550,
     "5.1.7"},
    {"450 4.7.0 host b said: 550 5.1.1 no", 450, "4.7.0"},
    {"550 Sender callback failed (mx.example.com (550 5.1.1 no such user))", 550, ""},
    {"550-Verification failed for <a@example.com>\n550-Response: 554 5.1.1 no\n550 Sender verify failed", 550, ""},
    {"250 host b said: 550 5.1.1 no", 550, "5.1.1"},
    {"host a said: 450 4.7.1 later; host b said: 552 5.3.4 too large", 552, "5.3.4"},
    {"", 0, ""},
};

static void test_find(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct reply found;
        g_autofree char *status = NULL;

        reply_find(span_of(cases[i].text), &found);
        status = g_strndup(found.status.at, found.status.length);
        if (found.code != cases[i].reply || strcmp(status == NULL ? "" : status, cases[i].status) != 0) {
            g_test_message("%s: got %u %s", cases[i].text, found.code, status);
            g_test_fail();
        }
    }
}

/* A number before one of these is no code: an amount wherever it stands, a thing where nothing introduces a code. */
static void test_counts(void)
{
    static const char *const amounts[] = {"bytes",   "kb",  "MB",      "GB",  "KiB",   "MiB", "GiB",
                                          "seconds", "sec", "minutes", "min", "hours", "days"};
    static const char *const things[] = {"messages",   "emails", "mails", "recipients", "connections", "addresses",
                                         "characters", "lines",  "users", "times",      "per hour"};
    struct reply reply;

    for (size_t i = 0; i < G_N_ELEMENTS(amounts); i++) {
        g_autofree char *text = g_strdup_printf("the limit is: 512 %s", amounts[i]);
        reply_find(span_of(text), &reply);
        if (reply.code != 0)
            g_error("%s", text);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(things); i++) {
        g_autofree char *text = g_strdup_printf("there were 450 %s", things[i]);
        g_autofree char *introduced = g_strdup_printf("it said: 450 %s", things[i]);
        reply_find(span_of(text), &reply);
        if (reply.code != 0)
            g_error("%s", text);
        reply_find(span_of(introduced), &reply);
        g_assert_cmpuint(reply.code, ==, 450);
    }
}

static void test_status(void)
{
    static const char *const good[] = {"2.0.0", "4.4.7", "5.1.10", "5.7.515"};
    static const char *const bad[] = {"",       "5",        "5.1",    "5.1.",  "5.1.1.", "3.1.1",
                                      "5.10.1", "5.1.1234", "5.1.1 ", "5,1,1", "x.1.1"};

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(reply_is_status(span_of(good[i])));
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(reply_is_status(span_of(bad[i])));
    g_assert_true(reply_is_vague(span_of("5.0.0")));
    g_assert_false(reply_is_vague(span_of("5.0.1")));
}

static const struct {
    const char *text;
    const char *status;
    unsigned reply;
    const char *innermost;
} inner_codes[] = {
    {"", "0.0.0", 0, ""},
    {"user unknown", "0.0.0", 0, "user unknown"},
    {"550 5.1.1 user unknown", "5.1.1", 550, "550 5.1.1 user unknown"},
    {"550-5.7.26 no", "5.7.26", 550, "550-5.7.26 no"},
    {"550 no (#5.1.1)", "5.1.1", 550, "550 no (#5.1.1)"},
    {"smtp;550 5.2.2 full", "5.2.2", 550, "550 5.2.2 full"},
    {"host a [192.0.2.5] said: 450 4.2.0 later", "4.2.0", 450, "450 4.2.0 later"},
    {"host a said: 450 4.7.0 host b said: 550 5.1.1 no", "4.7.0", 450, "550 5.1.1 no"},
    {"5.1.0 - unknown address 550-'5.7.1 denied'", "5.1.0", 550, "550-'5.7.1 denied'"},
    {"(stat failed) 554 5.0.0 service unavailable", "5.0.0", 554, "(stat failed) 554 5.0.0 service unavailable"},
    {"b: 550 5.1.1 no (end) 554 <@a.b>... service unavailable", "5.1.1", 550,
     "550 5.1.1 no (end) 554 <@a.b>... service unavailable"},
    {"(quota) 550 5.0.0 /mail... can't create output", "5.0.0", 550, "(quota) 550 5.0.0 /mail... can't create output"},
    {"a: 554 service unavailable; client blocked", "0.0.0", 554, "554 service unavailable; client blocked"},
    {"ip 5.1.1.2 is blocked", "0.0.0", 0, "ip 5.1.1.2 is blocked"},
    {"version 2.1.5 of 15.1.1", "0.0.0", 0, "version 2.1.5 of 15.1.1"},
    {"waited 450 seconds", "0.0.0", 0, "waited 450 seconds"},
    {"refused to talk to me: 421 no", "0.0.0", 0, "refused to talk to me: 421 no"},
    {"expired <421 4.4.2 timed out>", "4.4.2", 0, "expired <421 4.4.2 timed out>"},
    {"5.1111.1", "0.0.0", 0, "5.1111.1"},
    {"(quota) 554 service unavailable", "0.0.0", 554, "(quota) 554 service unavailable"},
    {"559 ", "0.0.0", 559, "559 "},
    {"560 no", "0.0.0", 0, "560 no"},
    {"a: 450 b: 560 no", "0.0.0", 450, "450 b: 560 no"},
    {"no (5.10.1)", "0.0.0", 0, "no (5.10.1)"},
    {"prog: quota 554 5.3.0 unknown mailer error 1", "5.3.0", 0, "prog: quota 554 5.3.0 unknown mailer error 1"},
};

static void test_quoted(void)
{
    static const char *const texts[][2] = {
        {"", NULL},
        {"550 no", NULL},
        {"host a said: 450 4.7.0 host b said: 550 5.1.1 no", "550 5.1.1 no"},
        {"550 a (550 b (550 c))", "550 b (550 c))"},
        {"user unknown (550 5.1.1 no)", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_assert_cmpstr(reply_quoted(texts[i][0]), ==, texts[i][1]);
}

static void test_codes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(inner_codes); i++) {
        struct reply_status status;
        reply_first_status(inner_codes[i].text, &status);
        g_autofree char *found = g_strdup_printf("%u.%u.%u", status.class, status.subject, status.detail);

        if (strcmp(found, inner_codes[i].status) != 0 || reply_first(inner_codes[i].text) != inner_codes[i].reply ||
            strcmp(reply_innermost(inner_codes[i].text), inner_codes[i].innermost) != 0)
            g_error("row %zu, \"%s\": %s, %u, \"%s\"", i, inner_codes[i].text, found, reply_first(inner_codes[i].text),
                    reply_innermost(inner_codes[i].text));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/reply/find", test_find);
    g_test_add_func("/parser/reply/counts", test_counts);
    g_test_add_func("/parser/reply/status", test_status);
    g_test_add_func("/parser/reply/codes", test_codes);
    g_test_add_func("/parser/reply/quoted", test_quoted);
    return g_test_run();
}
