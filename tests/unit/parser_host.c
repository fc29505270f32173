/* The host that replied: an example for each way to name it. */
#include "parser/text/host.h"

#include <glib.h>

static const struct {
    const char *diagnostic;
    const char *host;
} cases[] = {
    {"host mx.example.org[192.0.2.1] said: 550 no", "mx.example.org"},
    {"Host: mx.example.org.", "mx.example.org"},
    {"Connected to 192.0.2.1 but sender was rejected.", "192.0.2.1"},
    {"connecting to mx.example.org: timed out", "mx.example.org"},
    {"connect to mx.example.org[192.0.2.1]:25: refused", "mx.example.org"},
    {"The server mx.example.org returned 550", "mx.example.org"},
    {"host\nmx.example.org", "mx.example.org"},
    {"192.0.2.1 does not like recipient.", "192.0.2.1"},
    {"192.0.2.2 failed after I sent the message.", "192.0.2.2"},
    {"mx.example.org did not like our RCPT TO: 550", "mx.example.org"},
    {"mx.example.org [192.0.2.1]:\n<<< 550 no", "mx.example.org"},
    {"the host said no", ""},
    {"localhost does not like recipient.", ""},
    {"550 no", ""},
    {"", ""},
};

static void test_replied(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct span host = host_that_replied(span_of(cases[i].diagnostic));
        g_autofree char *got = host.length == 0 ? g_strdup("") : g_strndup(host.at, host.length);

        if (g_strcmp0(got, cases[i].host) != 0) {
            g_test_message("%s: got %s", cases[i].diagnostic, got);
            g_test_fail();
        }
    }
}

static void test_named(void)
{
    static const char *const texts[] = {"mx.example.org[192.0.2.1] no", "<mx.example.org>", "dns;mx.example.org",
                                        " mx.example.org."};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct span host = host_named(span_of(texts[i]));
        g_assert_true(span_is(host, "mx.example.org"));
    }
    g_assert_cmpuint(host_named(span_of("localhost")).length, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/host/replied", test_replied);
    g_test_add_func("/parser/host/named", test_named);
    return g_test_run();
}
