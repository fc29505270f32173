/* internet.h: is an address one of the Internet? What the daemon sends to a URL must not reach the machines beside it,
 * be it that a name resolves to one of them. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum internet_place {
    INTERNET_PLACE_PUBLIC,
    INTERNET_PLACE_PRIVATE, /* whatever is not for everybody: private, link-local, shared, multicast, reserved */
    INTERNET_PLACE_LOOPBACK,
};

/* Of the 4 octets of an IPv4 address. */
enum internet_place internet_place_4(const uint8_t *address);
/* Of the 16 octets of an IPv6 address; one that holds an IPv4 address is where that is. */
enum internet_place internet_place_6(const uint8_t *address);
