/* Which limit a connection or a message passes: by address, by network, apart from each other; who is exempt; and that
 * what is counted is given back. */
#include "cmd/bounced/peers/limits.h"
#include "cmd/config/keys/config_keys.h"

#include <string.h>

#define S 1000000

enum act { ENTER, LEAVE, SEND };

struct row {
    gint64 at; /* seconds */
    enum act act;
    const char *host;
    enum limit passed;
};

static struct config config = {.address_connections = 2,
                               .connection_rate = {3, 60},
                               .network_connection_rate = {5, 60},
                               .message_rate = {2, 60},
                               .network_message_rate = {3, 60}};

static void read_host(struct network_host *host, const char *text)
{
    *host = (struct network_host){0};
    if (strcmp(text, "unix") != 0)
        g_assert_true(network_host_parse(host, text));
}

static void run(const struct row *rows, size_t count)
{
    struct limits *limits = limits_new();

    for (size_t i = 0; i < count; i++) {
        gint64 now = rows[i].at * S;
        enum limit passed = LIMIT_NONE;
        struct network_host host;

        read_host(&host, rows[i].host);
        if (rows[i].act == ENTER)
            passed = limits_enter(limits, &config, &host, now);
        else if (rows[i].act == SEND)
            passed = limits_send(limits, &config, &host, now);
        else
            limits_leave(limits, &host);
        g_test_message("row %zu", i);
        g_assert_cmpint(passed, ==, rows[i].passed);
    }
    limits_free(limits);
}

static void test_connections(void)
{
    static const struct row rows[] = {
        {100, ENTER, "192.0.2.1", LIMIT_NONE},
        {100, ENTER, "::ffff:192.0.2.1", LIMIT_NONE},
        {100, ENTER, "192.0.2.1", LIMIT_ADDRESS_CONNECTIONS},
        {100, LEAVE, "192.0.2.1", LIMIT_NONE},
        {100, ENTER, "192.0.2.1", LIMIT_CONNECTION_RATE}, /* the one that was refused counts */
        {120, ENTER, "192.0.2.1", LIMIT_NONE},
        {120, ENTER, "192.0.2.2", LIMIT_NONE},
        {120, ENTER, "192.0.2.3", LIMIT_NONE},
        {120, ENTER, "192.0.2.4", LIMIT_NETWORK_CONNECTION_RATE},
        {120, ENTER, "192.0.3.4", LIMIT_NONE},
        {120, ENTER, "2001:db8:1:1::1", LIMIT_NONE},
        {120, ENTER, "2001:db8:1:1::2", LIMIT_NONE},
        {120, ENTER, "2001:db8:1:1::3", LIMIT_ADDRESS_CONNECTIONS},
        {120, ENTER, "2001:db8:1:2::3", LIMIT_NONE},
        {120, ENTER, "2001:db8:1:3::3", LIMIT_NONE},
        {120, ENTER, "2001:db8:1:4::3", LIMIT_NETWORK_CONNECTION_RATE},
        {120, ENTER, "2001:db8:2:4::3", LIMIT_NONE},
        {120, ENTER, "unix", LIMIT_NONE},
        {120, ENTER, "unix", LIMIT_NONE},
        {120, ENTER, "unix", LIMIT_NONE},
        {120, ENTER, "unix", LIMIT_NONE},
        {120, LEAVE, "unix", LIMIT_NONE},
    };

    config.rate_exempt = networks_parse("unix", NULL);
    run(rows, G_N_ELEMENTS(rows));
    networks_free(config.rate_exempt);
}

static void test_messages(void)
{
    static const struct row rows[] = {
        {100, SEND, "192.0.2.1", LIMIT_NONE},
        {100, SEND, "192.0.2.1", LIMIT_NONE},
        {100, SEND, "192.0.2.1", LIMIT_MESSAGE_RATE},
        {100, SEND, "192.0.2.2", LIMIT_NONE},
        {100, SEND, "192.0.2.3", LIMIT_NETWORK_MESSAGE_RATE},
        {100, ENTER, "192.0.2.1", LIMIT_NONE},
        {130, SEND, "192.0.2.1", LIMIT_NONE},
        {130, SEND, "192.0.2.1", LIMIT_MESSAGE_RATE},
        {130, SEND, "unix", LIMIT_NONE},
        {130, SEND, "unix", LIMIT_NONE},
        {130, SEND, "unix", LIMIT_MESSAGE_RATE},
    };

    config.rate_exempt = NULL;
    run(rows, G_N_ELEMENTS(rows));
}

/* Exempt from rates; the connections at one time are limited all the same. */
static void test_exempt(void)
{
    static const struct row rows[] = {
        {100, SEND, "192.0.2.1", LIMIT_NONE},  {100, SEND, "192.0.2.1", LIMIT_NONE},
        {100, SEND, "192.0.2.1", LIMIT_NONE},  {100, ENTER, "192.0.2.1", LIMIT_NONE},
        {100, LEAVE, "192.0.2.1", LIMIT_NONE}, {100, ENTER, "192.0.2.1", LIMIT_NONE},
        {100, LEAVE, "192.0.2.1", LIMIT_NONE}, {100, ENTER, "192.0.2.1", LIMIT_NONE},
        {100, ENTER, "192.0.2.1", LIMIT_NONE}, {100, ENTER, "192.0.2.1", LIMIT_ADDRESS_CONNECTIONS},
    };

    config.rate_exempt = networks_parse("192.0.2.0/24", NULL);
    run(rows, G_N_ELEMENTS(rows));
    networks_free(config.rate_exempt);
}

/* A client that left and whose rates have recovered is forgotten. */
static void test_forgets(void)
{
    struct limits *limits = limits_new();
    struct network_host host;

    config.rate_exempt = NULL;
    read_host(&host, "2001:db8::1");
    for (guint i = 0; i < 1000; i++) {
        host.octets[4] = (guint8)(i >> 8);
        host.octets[5] = (guint8)i;
        g_assert_cmpint(limits_enter(limits, &config, &host, 100 * S), ==, LIMIT_NONE);
        limits_leave(limits, &host);
    }
    for (gint64 at = 200; at < 500; at += 100) {
        g_assert_cmpint(limits_enter(limits, &config, &host, at * S), ==, LIMIT_NONE);
        limits_leave(limits, &host);
    }
    g_assert_cmpuint(limits_size(limits), <=, 4);
    limits_free(limits);
}

/* Each limit is a key of [server]. */
static void test_names(void)
{
    for (enum limit limit = LIMIT_NONE + 1; limit < LIMIT_COUNT; limit++) {
        const struct config_key *key = config_keys;

        while (key->section != NULL &&
               (strcmp(key->section, "server") != 0 || strcmp(key->name, limit_names[limit]) != 0))
            key++;
        g_test_message("%s", limit_names[limit]);
        g_assert_nonnull(key->section);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limits/connections", test_connections);
    g_test_add_func("/limits/messages", test_messages);
    g_test_add_func("/limits/exempt", test_exempt);
    g_test_add_func("/limits/forgets", test_forgets);
    g_test_add_func("/limits/names", test_names);
    return g_test_run();
}
