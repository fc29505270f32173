/* proxy.h: the header of the PROXY protocol, versions 1 and 2 (HAProxy's proxy-protocol.txt), which a load balancer
 * puts before everything else. Bytes in, an address out. */
#pragma once

#include <stddef.h>

#include "cmd/config/network.h"

/* The longest header that is read. Version 1 ends within 107 octets; version 2 has room for 64 KiB of extensions, of
 * which real ones take a few hundred. */
enum { PROXY_MAX = 4096 };

enum proxy_result {
    PROXY_RESULT_MORE,   /* it is not complete */
    PROXY_RESULT_BAD,    /* it is none, or one that must be refused */
    PROXY_RESULT_OWN,    /* the connection is the balancer's own (LOCAL), or it does not know whose it is */
    PROXY_RESULT_CLIENT, /* it is for `*client` */
};

/* Reads the header that `bytes` begin with. On PROXY_RESULT_OWN and PROXY_RESULT_CLIENT `*taken` is its length;
 * PROXY_RESULT_MORE comes for less than PROXY_MAX octets only. Extensions (TLVs) are skipped. */
enum proxy_result proxy_read(const char *bytes, size_t length, size_t *taken, struct network_host *client);
