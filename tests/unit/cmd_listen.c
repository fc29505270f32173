/* Which listeners may name MTAs of the operator's, and how; which take a lone LF. */
#include "cmd/config/listen.h"

#include "cmd/config/config_load.h"
#include "tests/unit/config_file.h"

/* On a listener that only the operator's own MTA reaches, its names as A-labels. */
static void test_accepted(void)
{
    static const char *const listeners[] = {"protocol = lmtp\naddress = [::]:24",
                                            "protocol = lmtp\naddress = unix:/run/bounced/lmtp\nproxy = none",
                                            "protocol = smtp\naddress = unix:/run/bounced/smtp",
                                            "protocol = smtp\naddress = 127.0.0.2:25",
                                            "protocol = smtp\naddress = localhost:25",
                                            "protocol = smtp\naddress = [::1]:25"};

    for (size_t i = 0; i < G_N_ELEMENTS(listeners); i++) {
        g_autofree char *text =
            g_strdup_printf("[listen a]\n%s\nown-mta = Mail.example.com ,B\u00fccher.example\n", listeners[i]);
        g_autofree char *file = write_file(text);
        g_autoptr(GError) error = NULL;
        g_autoptr(Config) config = config_load(file, &error);
        const struct listen_config *listener;

        g_assert_no_error(error);
        listener = config->listeners->pdata[0];
        g_assert_cmpuint(listener->own_mta->len, ==, 3);
        g_assert_cmpstr(listener->own_mta->pdata[0], ==, "mail.example.com");
        g_assert_cmpstr(listener->own_mta->pdata[1], ==, "xn--bcher-kva.example");
        g_assert_null(listener->own_mta->pdata[2]);
        unlink(file);
    }
}

static const struct {
    const char *text;
    const char *error; /* after the file's name */
} bad_cases[] = {
    {"[listen a]\nprotocol = lmtp\naddress = x:24\nown-mta = mail.example.com, not a host\n",
     ":4: [listen a] own-mta = \"not a host\"; expected host names with commas between them, or none"},
    {"[listen a]\nprotocol = lmtp\naddress = x:24\nown-mta =\n",
     ":4: [listen a] own-mta is empty; expected host names with commas between them, or none"},
    {"[listen a]\nprotocol = http\naddress = 127.0.0.1:9109\nbare-newline = refuse\n",
     ":4: [listen a] bare-newline is not for protocol = http"},
    {"[listen a]\nprotocol = lmtp\naddress = x:24\nbare-newline = allow\n",
     ":4: [listen a] bare-newline = \"allow\"; expected refuse or normalize"},
    {"[listen a]\nprotocol = http\naddress = 127.0.0.1:9109\nown-mta = mail.example.com\n",
     ":4: [listen a] own-mta is not for protocol = http"},
    {"[listen a]\nprotocol = smtp\naddress = [::]:25\nown-mta = mail.example.com\n",
     ":4: [listen a] own-mta needs protocol = lmtp, or an address that only this machine reaches: unix:, 127.0.0.1 "
     "or "
     "[::1]"},
    {"[listen a]\nprotocol = smtp\naddress = 127.example.com:25\nown-mta = mail.example.com\n",
     ":4: [listen a] own-mta needs protocol = lmtp, or an address that only this machine reaches: unix:, 127.0.0.1 "
     "or "
     "[::1]"},
    {"[listen a]\nprotocol = smtp\naddress = 127.0.0.1:25\nproxy = 127.0.0.1\nown-mta = mail.example.com\n",
     ":5: [listen a] own-mta is not for a listener with proxy or xclient"},
    {"[listen a]\nprotocol = lmtp\naddress = unix:/a\nxclient = unix\nown-mta = mail.example.com\n",
     ":5: [listen a] own-mta is not for a listener with proxy or xclient"},
    {"[listen a]\nprotocol = socketmap\naddress = unix:/a\nstream-from = sasl_username\n",
     ":4: [listen a] stream-from names an attribute, which protocol = policy alone has"},
    {"[listen a]\nprotocol = socketmap\naddress = unix:/a\nstream-from = news\n",
     ":4: [listen a] stream-from names the stream \"news\", which no [return-path] and no [feedback] names"},
    {"[listen a]\nprotocol = policy\naddress = unix:/a\nstreams = a=news\n",
     ":4: [listen a] streams needs stream-from = policy_context, sasl_username or sender_domain"},
    {"[listen a]\nprotocol = policy\naddress = unix:/a\nstream-from = sasl_username\nstreams = a=news\n",
     ":5: [listen a] streams names the stream \"news\", which no [return-path] and no [feedback] names"},
    {"[listen a]\nprotocol = policy\naddress = unix:/a\nstream-from = sasl_username\nstreams = a=b, c\n",
     ":5: [listen a] streams = \"c\" is no VALUE=STREAM; expected VALUE=STREAM with commas between them"},
    {"[listen a]\nprotocol = policy\naddress = unix:/a\nstream-from = sasl_username\nstreams = a=b, A=c\n",
     ":5: [listen a] streams = \"A\" is no value that stands there once; expected VALUE=STREAM with commas between "
     "them"},
};

static void test_refused(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad_cases); i++) {
        g_autofree char *file = write_file(bad_cases[i].text);
        g_autofree char *expected = g_strconcat(file, bad_cases[i].error, NULL);
        g_autoptr(GError) error = NULL;

        g_assert_null(config_load(file, &error));
        g_assert_cmpstr(error->message, ==, expected);
        unlink(file);
    }
}

/* When nobody chose, the operator's own MTA may send a lone LF, and so may whoever speaks LMTP. */
static void test_bare_newline(void)
{
    static const struct {
        const char *text;
        bool normalizes;
    } listeners[] = {
        {"protocol = smtp\naddress = [::]:25", false},
        {"protocol = smtp\naddress = 192.0.2.1:25", false},
        {"protocol = smtp\naddress = 127.0.0.1:25", false},
        {"protocol = smtp\naddress = unix:/run/bounced/smtp", false},
        {"protocol = smtp\naddress = 127.0.0.1:25\nown-mta = none", false},
        {"protocol = smtp\naddress = 127.0.0.1:25\nown-mta = mail.example.com", true},
        {"protocol = lmtp\naddress = [::]:24", true},
        {"protocol = lmtp\naddress = unix:/run/bounced/lmtp\nxclient = unix", true},
        {"protocol = smtp\naddress = [::]:25\nbare-newline = normalize", true},
        {"protocol = smtp\naddress = 127.0.0.1:25\nown-mta = mail.example.com\nbare-newline = refuse", false},
        {"protocol = lmtp\nbare-newline = refuse\naddress = [::]:24", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(listeners); i++) {
        g_autofree char *text = g_strdup_printf("[listen a]\n%s\n", listeners[i].text);
        g_autofree char *file = write_file(text);
        g_autoptr(GError) error = NULL;
        g_autoptr(Config) config = config_load(file, &error);

        g_assert_no_error(error);
        g_test_message("%s", text);
        g_assert_true(listen_normalizes(config->listeners->pdata[0]) == listeners[i].normalizes);
        unlink(file);
    }
}

/* Whose mail a question is about, by what its server says. */
static void test_streams(void)
{
    static const struct {
        const char *keys, *value, *stream; /* NULL: no row */
    } rows[] = {
        {"protocol = policy\nstream-from = sasl_username\nstreams = Shop@example.com = news, a=b=mail",
         "shop@example.com", "news"},
        {"protocol = policy\nstream-from = sasl_username\nstreams = Shop@example.com = news, a=b=mail", "a=b", "mail"},
        {"protocol = policy\nstream-from = sender_domain", "bounces.example.com", "news"},
        {"protocol = policy\nstream-from = sender_domain", "news", "news"},
        {"protocol = policy\nstream-from = sender_domain\nstreams = bounces.example.com=mail", "bounces.example.com",
         "mail"},
        {"protocol = policy\nstream-from = sender_domain", "", NULL},
        {"protocol = readsocket\nstream-from = news", "", "news"},
        {"protocol = readsocket\nstream-from = news", "news", NULL},
        {"protocol = readsocket", "news", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strdup_printf("[listen a]\naddress = unix:/a\n%s\n"
                                                "[return-path n]\ndomain = Bounces.example.com\nstream = news\n"
                                                "[feedback f]\naddress = f@example.com\nstream = mail\n",
                                                rows[i].keys);
        g_autofree char *file = write_file(text);
        g_autoptr(GError) error = NULL;
        g_autoptr(Config) config = config_load(file, &error);

        g_assert_no_error(error);
        g_test_message("%s: %s", rows[i].keys, rows[i].value);
        g_assert_cmpstr(
            g_hash_table_lookup(((struct listen_config *)config->listeners->pdata[0])->streams, rows[i].value), ==,
            rows[i].stream);
        unlink(file);
    }
}

/* The keys of each protocol, of those that some have. */
static const char *const keys[] = {"protocol", "address",     "tls",     "early-talkers", "bare-newline",
                                   "proxy",    "xclient",     "own-mta", "serve",         "insecure",
                                   "fail",     "stream-from", "streams"};
#define MAIL " protocol address tls early-talkers bare-newline proxy xclient own-mta "
#define LOOKUP " protocol address fail stream-from "
static const char *const keys_of[] = {
    [LISTEN_PROTOCOL_SMTP] = MAIL,
    [LISTEN_PROTOCOL_LMTP] = MAIL,
    [LISTEN_PROTOCOL_HTTP] = " protocol address serve insecure tls ",
    [LISTEN_PROTOCOL_SOCKETMAP] = LOOKUP,
    [LISTEN_PROTOCOL_POLICY] = " protocol address fail stream-from streams ",
    [LISTEN_PROTOCOL_TCP_TABLE] = LOOKUP,
    [LISTEN_PROTOCOL_READSOCKET] = LOOKUP,
};

static void test_keys(void)
{
    g_assert_null(listen_protocol_names[G_N_ELEMENTS(keys_of)]);
    for (unsigned protocol = 0; protocol < G_N_ELEMENTS(keys_of); protocol++) {
        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
            g_autofree char *word = g_strdup_printf(" %s ", keys[i]);

            g_test_message("%s: %s", listen_protocol_names[protocol], keys[i]);
            g_assert_cmpint(listen_knows(protocol, keys[i]), ==, strstr(keys_of[protocol], word) != NULL);
        }
        g_assert_false(listen_knows(protocol, "forward"));
    }
}

/* Where the stream of a question may come from, and which listeners the machine alone reaches. */
static void test_words(void)
{
    static const char *const attributes[] = {"policy_context", "sasl_username", "sender_domain"};
    static const struct {
        const char *address;
        bool local;
    } rows[] = {{"unix:/run/a", true},     {"[::1]:80", true},      {"localhost:80", true},     {"127.0.0.9:80", true},
                {"127.example:80", false}, {"192.0.2.1:80", false}, {"[2001:db8::1]:80", false}};

    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++)
        g_assert_true(listen_is_attribute(attributes[i]));
    g_assert_false(listen_is_attribute("newsletter"));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct listen_config listener = {.address = (char *)rows[i].address};

        g_test_message("%s", rows[i].address);
        g_assert_cmpint(listen_is_local(&listener), ==, rows[i].local);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/listen/accepted", test_accepted);
    g_test_add_func("/cmd/listen/bare-newline", test_bare_newline);
    g_test_add_func("/cmd/listen/refused", test_refused);
    g_test_add_func("/cmd/listen/streams", test_streams);
    g_test_add_func("/cmd/listen/keys", test_keys);
    g_test_add_func("/cmd/listen/words", test_words);
    return g_test_run();
}
