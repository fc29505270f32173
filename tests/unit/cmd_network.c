/* Addresses and sets of networks: IPv4 is the same whether it comes as such or mapped to IPv6. */
#include "cmd/config/network.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/un.h>

static void make_host(struct network_host *host, const char *text)
{
    if (strcmp(text, "unix") == 0)
        *host = (struct network_host){0};
    else
        g_assert_true(network_host_parse(host, text));
}

/* From a socket: name, address, IPv6 /64, network. */
static const struct socket_row {
    int family;
    const char *address;
    const char *name;
    const char *customer;
    const char *network;
} socket_rows[] = {
    {AF_INET, "192.0.2.129", "192.0.2.129:25", "192.0.2.129", "192.0.2.0/24"},
    {AF_INET6, "::ffff:192.0.2.129", "192.0.2.129:25", "192.0.2.129", "192.0.2.0/24"},
    {AF_INET6, "2001:db8:0:1:2:3:4:5", "[2001:db8:0:1:2:3:4:5]:25", "2001:db8:0:1::/64", "2001:db8::/48"},
    {AF_INET6, "2001:db8:1:2::9", "[2001:db8:1:2::9]:25", "2001:db8:1:2::/64", "2001:db8:1::/48"},
    {AF_INET6, "::1", "[::1]:25", "::/64", "::/48"},
    {AF_UNIX, "", "unix", "unix", "unix"},
};

static void read_socket(const struct socket_row *row, struct network_host *host)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(25)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(25)};
    struct sockaddr_un un = {.sun_family = AF_UNIX};

    if (row->family == AF_INET) {
        g_assert_cmpint(inet_pton(AF_INET, row->address, &in.sin_addr), ==, 1);
        network_host_read(host, (const struct sockaddr *)&in);
    } else if (row->family == AF_INET6) {
        g_assert_cmpint(inet_pton(AF_INET6, row->address, &in6.sin6_addr), ==, 1);
        network_host_read(host, (const struct sockaddr *)&in6);
    } else {
        network_host_read(host, (const struct sockaddr *)&un);
    }
}

static void test_names(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(socket_rows); i++) {
        const struct socket_row *row = &socket_rows[i];
        g_autofree char *name = NULL, *customer = NULL, *network = NULL;
        struct network_host host;

        read_socket(row, &host);
        name = network_host_name(&host);
        customer = network_name(&host, 32, 64);
        network = network_name(&host, 24, 48);
        g_test_message("row %zu", i);
        g_assert_cmpstr(name, ==, row->name);
        g_assert_cmpstr(customer, ==, row->customer);
        g_assert_cmpstr(network, ==, row->network);
    }
}

static const struct {
    const char *networks;
    const char *host;
    bool has;
} set_rows[] = {
    {"none", "192.0.2.1", false},
    {"none", "unix", false},
    {"unix", "unix", true},
    {"unix", "192.0.2.1", false},
    {"192.0.2.1", "192.0.2.1", true},
    {"192.0.2.1", "::ffff:192.0.2.1", true},
    {"192.0.2.1", "192.0.2.2", false},
    {"192.0.2.1", "unix", false},
    {"192.0.2.0/25", "192.0.2.127", true},
    {"192.0.2.0/25", "192.0.2.128", false},
    {"0.0.0.0/0", "203.0.113.9", true},
    {"0.0.0.0/0", "2001:db8::1", false},
    {"::/0", "203.0.113.9", true},
    {"::ffff:192.0.2.0/120", "192.0.2.9", true},
    {"2001:db8::/33", "2001:db8:7fff::1", true},
    {"2001:db8::/33", "2001:db8:8000::1", false},
    {"198.51.100.0/24 , 2001:db8::1,unix", "2001:db8::1", true},
    {"198.51.100.0/24 , 2001:db8::1,unix", "unix", true},
    {"198.51.100.0/24 , 2001:db8::1,unix", "2001:db8::2", false},
};

static void test_sets(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(set_rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Networks) networks = networks_parse(set_rows[i].networks, &error);
        struct network_host host;

        g_test_message("row %zu: %s in %s", i, set_rows[i].host, set_rows[i].networks);
        g_assert_no_error(error);
        make_host(&host, set_rows[i].host);
        g_assert_cmpint(networks_have(networks, &host), ==, set_rows[i].has);
        g_assert_false(networks_have(NULL, &host));
    }
}

static void test_refused(void)
{
    static const char *const rows[] = {"",
                                       ",",
                                       "192.0.2.1,",
                                       "localhost",
                                       "192.0.2",
                                       "192.0.2.1/",
                                       "192.0.2.1/33",
                                       "192.0.2.1/24",
                                       "2001:db8::/129",
                                       "2001:db8::1/64",
                                       "unix/1",
                                       "192.0.2.1/-1",
                                       "none, unix",
                                       "192.0.2.0/24/1"};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("row %zu: %s", i, rows[i]);
        g_assert_null(networks_parse(rows[i], &error));
        g_assert_nonnull(error);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/network/names", test_names);
    g_test_add_func("/network/sets", test_sets);
    g_test_add_func("/network/refused", test_refused);
    return g_test_run();
}
