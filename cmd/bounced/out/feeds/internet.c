#include "cmd/bounced/out/feeds/internet.h"

#include <stddef.h>
#include <string.h>

struct block {
    uint8_t start[16];
    unsigned bits;
    enum internet_place place;
};

/* IANA's registries of special-purpose addresses (RFC 6890), and multicast. */
static const struct block blocks_4[] = {
    {{0}, 8, INTERNET_PLACE_PRIVATE},
    {{10}, 8, INTERNET_PLACE_PRIVATE},
    {{100, 64}, 10, INTERNET_PLACE_PRIVATE},
    {{127}, 8, INTERNET_PLACE_LOOPBACK},
    {{169, 254}, 16, INTERNET_PLACE_PRIVATE},
    {{172, 16}, 12, INTERNET_PLACE_PRIVATE},
    {{192, 0, 0}, 24, INTERNET_PLACE_PRIVATE},
    {{192, 0, 2}, 24, INTERNET_PLACE_PRIVATE},
    {{192, 88, 99}, 24, INTERNET_PLACE_PRIVATE},
    {{192, 168}, 16, INTERNET_PLACE_PRIVATE},
    {{198, 18}, 15, INTERNET_PLACE_PRIVATE},
    {{198, 51, 100}, 24, INTERNET_PLACE_PRIVATE},
    {{203, 0, 113}, 24, INTERNET_PLACE_PRIVATE},
    {{224}, 3, INTERNET_PLACE_PRIVATE},
};

/* Only 2000::/3 is given out; these of it are not. Teredo and 6to4 lead to an IPv4 address in them. */
static const struct block blocks_6[] = {
    {{0x20, 0x01}, 23, INTERNET_PLACE_PRIVATE}, {{0x20, 0x01, 0x0d, 0xb8}, 32, INTERNET_PLACE_PRIVATE},
    {{0x20, 0x02}, 16, INTERNET_PLACE_PRIVATE}, {{0x3f, 0xff}, 20, INTERNET_PLACE_PRIVATE},
    {{0x20}, 3, INTERNET_PLACE_PUBLIC},         {{0}, 0, INTERNET_PLACE_PRIVATE},
};

static bool is_within(const uint8_t *address, const struct block *block)
{
    unsigned whole = block->bits / 8, rest = block->bits % 8;

    return memcmp(address, block->start, whole) == 0 &&
           (rest == 0 || (address[whole] ^ block->start[whole]) >> (8 - rest) == 0);
}

enum internet_place internet_place_4(const uint8_t *address)
{
    for (size_t i = 0; i < sizeof blocks_4 / sizeof *blocks_4; i++) {
        if (is_within(address, &blocks_4[i]))
            return blocks_4[i].place;
    }
    return INTERNET_PLACE_PUBLIC;
}

enum internet_place internet_place_6(const uint8_t *address)
{
    static const struct block loopback = {{[15] = 1}, 128, INTERNET_PLACE_LOOPBACK};
    /* IPv4-mapped, and what NAT64 leads to (RFC 6052) */
    static const struct block holders[] = {
        {{[10] = 0xff, [11] = 0xff}, 96, INTERNET_PLACE_PRIVATE},
        {{0x00, 0x64, 0xff, 0x9b}, 96, INTERNET_PLACE_PRIVATE},
    };
    size_t i = 0;

    if (is_within(address, &loopback))
        return INTERNET_PLACE_LOOPBACK;
    for (size_t j = 0; j < sizeof holders / sizeof *holders; j++) {
        if (is_within(address, &holders[j]))
            return internet_place_4(address + 12);
    }
    while (!is_within(address, &blocks_6[i]))
        i++;
    return blocks_6[i].place;
}
