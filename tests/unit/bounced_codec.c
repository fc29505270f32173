/* The questions of mail servers, byte by byte, and the answers to them: a table a protocol. */
#include <string.h>

#include "cmd/bounced/lookup/codec.h"

#define STR(text) text, sizeof(text) - 1

static const struct request {
    enum listen_protocol protocol;
    const char *bytes;
    size_t length;
    enum codec_state state;
    const char *address; /* of CODEC_STATE_QUESTION */
    const char *stream;  /* NULL: none */
    bool domain;
} requests[] = {
    {LISTEN_PROTOCOL_SOCKETMAP, STR("25:suppress anna@example.org,"), CODEC_STATE_QUESTION, "anna@example.org", NULL,
     false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("30:suppress/news anna@example.org,"), CODEC_STATE_QUESTION, "anna@example.org",
     "news", false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("26:suppress/ anna@example.org,"), CODEC_STATE_QUESTION, "anna@example.org", NULL,
     false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("18:domain example.org,"), CODEC_STATE_QUESTION, "example.org", NULL, true},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("20:domain/x example.org,"), CODEC_STATE_UNKNOWN, NULL, NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("26:suppress \"a b\"@example.org,"), CODEC_STATE_QUESTION, "\"a b\"@example.org",
     NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("9:suppress ,"), CODEC_STATE_QUESTION, "", NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("25:suppress an\0a@example.org,"), CODEC_STATE_QUESTION, "", NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("8:suppress,"), CODEC_STATE_UNKNOWN, NULL, NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("26:suppressx anna@example.org,"), CODEC_STATE_UNKNOWN, NULL, NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("22:other anna@example.org,"), CODEC_STATE_UNKNOWN, NULL, NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("0:,"), CODEC_STATE_UNKNOWN, NULL, NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR(":,"), CODEC_STATE_BROKEN, NULL, NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("x"), CODEC_STATE_BROKEN, NULL, NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("1x"), CODEC_STATE_BROKEN, NULL, NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("1:ab"), CODEC_STATE_BROKEN, NULL, NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("10001:"), CODEC_STATE_BROKEN, NULL, NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("0000000"), CODEC_STATE_BROKEN, NULL, NULL, false},
    {LISTEN_PROTOCOL_SOCKETMAP, STR("99999999999999999999:"), CODEC_STATE_BROKEN, NULL, NULL, false},

    {LISTEN_PROTOCOL_POLICY, STR("request=smtpd_access_policy\nprotocol_state=RCPT\nrecipient=anna@example.org\n\n"),
     CODEC_STATE_QUESTION, "anna@example.org", NULL, false},
    {LISTEN_PROTOCOL_POLICY, STR("recipient=anna@example.org\nx=\nprotocol_state=RCPT\n\n"), CODEC_STATE_QUESTION,
     "anna@example.org", NULL, false},
    {LISTEN_PROTOCOL_POLICY, STR("recipients=zoe\nprotocol_state=RCPT\nrecipient=a=b@example.org\nnone\n\n"),
     CODEC_STATE_QUESTION, "a=b@example.org", NULL, false},
    {LISTEN_PROTOCOL_POLICY, STR("protocol_state=DATA\nrecipient=anna@example.org\n\n"), CODEC_STATE_NOTHING, NULL,
     NULL, false},
    {LISTEN_PROTOCOL_POLICY, STR("protocol_state=RCPTX\nrecipient=anna@example.org\n\n"), CODEC_STATE_NOTHING, NULL,
     NULL, false},
    {LISTEN_PROTOCOL_POLICY, STR("protocol_state=RCPT\nrecipient=\n\n"), CODEC_STATE_NOTHING, NULL, NULL, false},
    {LISTEN_PROTOCOL_POLICY, STR("protocol_state=RCPT\n\n"), CODEC_STATE_NOTHING, NULL, NULL, false},
    {LISTEN_PROTOCOL_POLICY, STR("recipient=anna@example.org\n\n"), CODEC_STATE_NOTHING, NULL, NULL, false},
    {LISTEN_PROTOCOL_POLICY, STR("\n"), CODEC_STATE_BROKEN, NULL, NULL, false},

    {LISTEN_PROTOCOL_TCP_TABLE, STR("get anna@example.org\n"), CODEC_STATE_QUESTION, "anna@example.org", NULL, false},
    {LISTEN_PROTOCOL_TCP_TABLE, STR("get %22a%20b%22@example.org\n"), CODEC_STATE_QUESTION, "\"a b\"@example.org", NULL,
     false},
    {LISTEN_PROTOCOL_TCP_TABLE, STR("get an%00na@example.org\n"), CODEC_STATE_QUESTION, "", NULL, false},
    {LISTEN_PROTOCOL_TCP_TABLE, STR("get %zz@example.org\n"), CODEC_STATE_QUESTION, "", NULL, false},
    {LISTEN_PROTOCOL_TCP_TABLE, STR("put anna@example.org x\n"), CODEC_STATE_UNKNOWN, NULL, NULL, false},
    {LISTEN_PROTOCOL_TCP_TABLE, STR("\n"), CODEC_STATE_UNKNOWN, NULL, NULL, false},

    {LISTEN_PROTOCOL_READSOCKET, STR("check anna@example.org\n"), CODEC_STATE_QUESTION, "anna@example.org", NULL,
     false},
    {LISTEN_PROTOCOL_READSOCKET, STR("anna@example.org\r\n"), CODEC_STATE_QUESTION, "anna@example.org", NULL, false},
    {LISTEN_PROTOCOL_READSOCKET, STR("check \"a b\"@example.org\n"), CODEC_STATE_QUESTION, "\"a b\"@example.org", NULL,
     false},
    {LISTEN_PROTOCOL_READSOCKET, STR("\n"), CODEC_STATE_UNKNOWN, NULL, NULL, false},
    {LISTEN_PROTOCOL_READSOCKET, STR("check \n"), CODEC_STATE_UNKNOWN, NULL, NULL, false},
    {LISTEN_PROTOCOL_READSOCKET, STR("check anna\n"), CODEC_STATE_UNKNOWN, NULL, NULL, false},
    {LISTEN_PROTOCOL_READSOCKET, STR("foo anna@example.org\n"), CODEC_STATE_UNKNOWN, NULL, NULL, false},
    {LISTEN_PROTOCOL_READSOCKET, STR("check anna@example.org news\n"), CODEC_STATE_UNKNOWN, NULL, NULL, false},
    {LISTEN_PROTOCOL_READSOCKET, STR("an\0na@example.org\n"), CODEC_STATE_QUESTION, "", NULL, false},
};

/* A request that is cut anywhere waits for the rest, and the next one is left for the next time. */
static void test_requests(void)
{
    g_autoptr(GString) address = g_string_new(NULL);
    g_autoptr(GString) stream = g_string_new(NULL);
    g_autoptr(GString) label = g_string_new(NULL);
    struct codec_question question = {address, stream, label, false, NULL};

    for (size_t i = 0; i < G_N_ELEMENTS(requests); i++) {
        const struct request *row = &requests[i];
        const struct codec *codec = codec_of(row->protocol);
        g_autofree char *twice = g_malloc(row->length * 2);
        size_t used = 0;

        g_test_message("%s: %s", listen_protocol_names[row->protocol], row->bytes);
        g_string_truncate(stream, 0);
        for (size_t cut = 0; cut < row->length && row->state != CODEC_STATE_BROKEN; cut++)
            g_assert_cmpint(codec->take(row->bytes, cut, &used, &question), ==, CODEC_STATE_MORE);
        memcpy(twice, row->bytes, row->length);
        memcpy(twice + row->length, row->bytes, row->length);
        g_assert_cmpint(codec->take(twice, row->length * 2, &used, &question), ==, row->state);
        if (row->state == CODEC_STATE_BROKEN)
            continue;
        g_assert_cmpuint(used, ==, row->length);
        if (row->address != NULL)
            g_assert_cmpstr(address->str, ==, row->address);
        g_assert_cmpstr(stream->str, ==, row->stream != NULL ? row->stream : "");
        g_assert_cmpint(question.domain, ==, row->domain);
    }
}

#define ASKED(attribute) "protocol_state=RCPT\nrecipient=anna@example.org\n" attribute "\n\n"

/* The attribute of a policy request that tells its stream. */
static const struct {
    const char *stream_from, *request, *label;
} labels[] = {
    {"policy_context", ASKED("policy_context=News"), "news"},
    {"policy_context", ASKED("policy_context="), ""},
    {"policy_context", ASKED("sasl_username=news"), ""},
    {"sasl_username", ASKED("sasl_username=Shop@example.com"), "shop@example.com"},
    {"sender_domain", ASKED("sender=bounces+anna=example.org@Bounces.Example.com"), "bounces.example.com"},
    {"sender_domain", ASKED("sender=\"a@b\"@example.com"), "example.com"},
    {"sender_domain", ASKED("sender="), ""},
    {"news", ASKED("policy_context=news"), ""},
    {NULL, ASKED("policy_context=news"), ""},
};

static void test_labels(void)
{
    g_autoptr(GString) address = g_string_new(NULL);
    g_autoptr(GString) stream = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
        g_autoptr(GString) label = g_string_new(NULL);
        struct codec_question question = {address, stream, label, false, labels[i].stream_from};
        size_t used;

        g_test_message("%s: %s", labels[i].stream_from, labels[i].request);
        g_assert_cmpint(
            codec_of(LISTEN_PROTOCOL_POLICY)->take(labels[i].request, strlen(labels[i].request), &used, &question), ==,
            CODEC_STATE_QUESTION);
        g_assert_cmpstr(label->str, ==, labels[i].label);
        g_assert_cmpstr(stream->str, ==, "");
    }
}

/* A line that does not end is not collected for ever. */
static void test_long_line(void)
{
    static const enum listen_protocol lines[] = {LISTEN_PROTOCOL_TCP_TABLE, LISTEN_PROTOCOL_READSOCKET};
    g_autoptr(GString) address = g_string_new(NULL);
    g_autoptr(GString) stream = g_string_new(NULL);
    g_autoptr(GString) label = g_string_new(NULL);
    struct codec_question question = {address, stream, label, false, NULL};
    g_autofree char *bytes = g_strnfill(5000, 'a');
    size_t used;

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        g_assert_cmpint(codec_of(lines[i])->take(bytes, 5000, &used, &question), ==, CODEC_STATE_BROKEN);
}

#define TEXT "full, since 2026-11-28"

static const struct {
    enum listen_protocol protocol;
    const char *replies[CODEC_ANSWER_REFUSED + 1]; /* NULL: the connection is closed */
} replies[] = {
    {LISTEN_PROTOCOL_SOCKETMAP,
     {"9:NOTFOUND ,", "35:OK 550 5.1.1 " TEXT ",", "40:TEMP the suppression list cannot be read,",
      "71:PERM there is no such map: expected suppress, suppress/STREAM or domain,"}},
    {LISTEN_PROTOCOL_POLICY, {"action=DUNNO\n\n", "action=550 5.1.1 " TEXT "\n\n", NULL, NULL}},
    {LISTEN_PROTOCOL_TCP_TABLE,
     {"500 not%20found\n", "200 550%205.1.1%20full%2C%20since%202026-11-28\n",
      "400 the%20suppression%20list%20cannot%20be%20read\n", "400 expected%20get\n"}},
    {LISTEN_PROTOCOL_READSOCKET,
     {"not suppressed\n", "suppressed: " TEXT "\n", "unknown: the suppression list cannot be read\n",
      "unknown: expected an address\n"}},
};

static void test_replies(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(replies); i++) {
        for (enum codec_answer answer = 0; answer <= CODEC_ANSWER_REFUSED; answer++) {
            g_autoptr(GString) out = g_string_new(NULL);
            const char *expected = replies[i].replies[answer];

            g_test_message("%s, answer %u", listen_protocol_names[replies[i].protocol], answer);
            g_assert_true(codec_of(replies[i].protocol)->reply(out, answer, TEXT) == (expected != NULL));
            g_assert_cmpstr(out->str, ==, expected != NULL ? expected : "");
        }
    }
    g_assert_null(codec_of(LISTEN_PROTOCOL_SMTP));
    g_assert_null(codec_of(LISTEN_PROTOCOL_HTTP));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lookup/requests", test_requests);
    g_test_add_func("/lookup/labels", test_labels);
    g_test_add_func("/lookup/long-line", test_long_line);
    g_test_add_func("/lookup/replies", test_replies);
    return g_test_run();
}
