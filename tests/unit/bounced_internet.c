/* Which addresses are of the Internet: the edges of each block. */
#include "cmd/bounced/out/feeds/internet.h"

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

static const struct {
    const char *address;
    enum internet_place place;
} cases[] = {
    {"0.0.0.0", INTERNET_PLACE_PRIVATE},
    {"0.255.255.255", INTERNET_PLACE_PRIVATE},
    {"1.0.0.0", INTERNET_PLACE_PUBLIC},
    {"9.255.255.255", INTERNET_PLACE_PUBLIC},
    {"10.0.0.1", INTERNET_PLACE_PRIVATE},
    {"11.0.0.0", INTERNET_PLACE_PUBLIC},
    {"100.63.255.255", INTERNET_PLACE_PUBLIC},
    {"100.64.0.0", INTERNET_PLACE_PRIVATE},
    {"100.127.255.255", INTERNET_PLACE_PRIVATE},
    {"100.128.0.0", INTERNET_PLACE_PUBLIC},
    {"127.0.0.1", INTERNET_PLACE_LOOPBACK},
    {"127.255.255.255", INTERNET_PLACE_LOOPBACK},
    {"128.0.0.1", INTERNET_PLACE_PUBLIC},
    {"169.254.169.254", INTERNET_PLACE_PRIVATE},
    {"169.253.0.1", INTERNET_PLACE_PUBLIC},
    {"172.15.255.255", INTERNET_PLACE_PUBLIC},
    {"172.16.0.0", INTERNET_PLACE_PRIVATE},
    {"172.31.255.255", INTERNET_PLACE_PRIVATE},
    {"172.32.0.0", INTERNET_PLACE_PUBLIC},
    {"192.0.0.8", INTERNET_PLACE_PRIVATE},
    {"192.0.1.1", INTERNET_PLACE_PUBLIC},
    {"192.0.2.1", INTERNET_PLACE_PRIVATE},
    {"192.88.99.1", INTERNET_PLACE_PRIVATE},
    {"192.168.0.1", INTERNET_PLACE_PRIVATE},
    {"192.169.0.1", INTERNET_PLACE_PUBLIC},
    {"198.18.0.1", INTERNET_PLACE_PRIVATE},
    {"198.19.255.255", INTERNET_PLACE_PRIVATE},
    {"198.20.0.1", INTERNET_PLACE_PUBLIC},
    {"198.51.100.1", INTERNET_PLACE_PRIVATE},
    {"203.0.113.1", INTERNET_PLACE_PRIVATE},
    {"223.255.255.255", INTERNET_PLACE_PUBLIC},
    {"224.0.0.1", INTERNET_PLACE_PRIVATE},
    {"240.0.0.1", INTERNET_PLACE_PRIVATE},
    {"255.255.255.255", INTERNET_PLACE_PRIVATE},
    {"::", INTERNET_PLACE_PRIVATE},
    {"::1", INTERNET_PLACE_LOOPBACK},
    {"::2", INTERNET_PLACE_PRIVATE},
    {"::127.0.0.1", INTERNET_PLACE_PRIVATE},
    {"::ffff:127.0.0.1", INTERNET_PLACE_LOOPBACK},
    {"::ffff:10.0.0.1", INTERNET_PLACE_PRIVATE},
    {"::ffff:8.8.8.8", INTERNET_PLACE_PUBLIC},
    {"64:ff9b::10.0.0.1", INTERNET_PLACE_PRIVATE},
    {"64:ff9b::8.8.8.8", INTERNET_PLACE_PUBLIC},
    {"64:ff9b:1::1", INTERNET_PLACE_PRIVATE},
    {"100::1", INTERNET_PLACE_PRIVATE},
    {"2001::1", INTERNET_PLACE_PRIVATE},
    {"2001:1ff::1", INTERNET_PLACE_PRIVATE},
    {"2001:200::1", INTERNET_PLACE_PUBLIC},
    {"2001:db8::1", INTERNET_PLACE_PRIVATE},
    {"2001:db9::1", INTERNET_PLACE_PUBLIC},
    {"2002:a00:1::1", INTERNET_PLACE_PRIVATE},
    {"2003::1", INTERNET_PLACE_PUBLIC},
    {"2a00::1", INTERNET_PLACE_PUBLIC},
    {"3fff::1", INTERNET_PLACE_PRIVATE},
    {"4000::1", INTERNET_PLACE_PRIVATE},
    {"fc00::1", INTERNET_PLACE_PRIVATE},
    {"fd12::1", INTERNET_PLACE_PRIVATE},
    {"fe80::1", INTERNET_PLACE_PRIVATE},
    {"ff02::1", INTERNET_PLACE_PRIVATE},
};

static void test_places(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool is_6 = strchr(cases[i].address, ':') != NULL;
        uint8_t bytes[16];

        g_assert_cmpint(inet_pton(is_6 ? AF_INET6 : AF_INET, cases[i].address, bytes), ==, 1);
        enum internet_place place = is_6 ? internet_place_6(bytes) : internet_place_4(bytes);
        if (place != cases[i].place)
            g_error("%s: %d", cases[i].address, (int)place);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/internet", test_places);
    return g_test_run();
}
