/* Connections are counted by address: IPv6 by its network of 64 bits, IPv4 also when it comes by an IPv6 socket. */
#include "cmd/bounced/origins.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

static const struct {
    int family;
    const char *address;
    const char *name;
} rows[] = {
    {AF_INET, "192.0.2.1", "192.0.2.1"},
    {AF_INET6, "::ffff:192.0.2.1", "192.0.2.1"},
    {AF_INET6, "2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"},
    {AF_INET6, "2001:db8:0:1::9", "2001:db8:0:1::/64"},
    {AF_INET6, "2001:db8:0:2::9", "2001:db8:0:2::/64"},
    {AF_UNIX, NULL, NULL},
};

static char *name_of(int family, const char *address)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    struct sockaddr_un un = {.sun_family = AF_UNIX};

    if (family == AF_UNIX)
        return origins_name((const struct sockaddr *)&un);
    g_assert_cmpint(inet_pton(family, address, family == AF_INET ? (void *)&in.sin_addr : &in6.sin6_addr), ==, 1);
    return origins_name(family == AF_INET ? (const struct sockaddr *)&in : (const struct sockaddr *)&in6);
}

static void test_names(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *name = name_of(rows[i].family, rows[i].address);

        g_test_message("row %zu", i);
        g_assert_cmpstr(name, ==, rows[i].name);
    }
}

static void test_counts(void)
{
    struct origins *origins = origins_new();

    for (unsigned i = 0; i < 3; i++) {
        g_assert_cmpuint(origins_count(origins, "192.0.2.1"), ==, i);
        origins_enter(origins, "192.0.2.1");
        origins_enter(origins, NULL);
    }
    g_assert_cmpuint(origins_count(origins, "192.0.2.2"), ==, 0);
    g_assert_cmpuint(origins_count(origins, NULL), ==, 0);
    for (unsigned i = 3; i > 0; i--) {
        g_assert_cmpuint(origins_count(origins, "192.0.2.1"), ==, i);
        origins_leave(origins, "192.0.2.1");
        origins_leave(origins, NULL);
    }
    g_assert_cmpuint(origins_count(origins, "192.0.2.1"), ==, 0);
    origins_free(origins);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/origins/names", test_names);
    g_test_add_func("/origins/counts", test_counts);
    return g_test_run();
}
