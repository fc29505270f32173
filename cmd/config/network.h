/* network.h: where a peer is, and sets of networks as the config names them: "192.0.2.0/24, 2001:db8::1, unix". IPv4
 * addresses are kept as the IPv6 addresses that are mapped to them (RFC 4291 section 2.5.5.2): a peer is the same
 * whether its listener is for IPv4 or for both. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct sockaddr;

enum { NETWORK_OCTETS = 16, NETWORK_BITS = 128, NETWORK_V4_BITS = 96 /* before an IPv4 address */ };

/* Plain data; all 0 is a UNIX socket. */
struct network_host {
    bool is_ip; /* false: a UNIX socket */
    guint8 octets[NETWORK_OCTETS];
    guint16 port; /* 0: not known */
};

void network_host_read(struct network_host *host, const struct sockaddr *address);
/* An address of 4 or 16 octets in network order. */
void network_host_set(struct network_host *host, const void *address, size_t length);
/* "192.0.2.1" or "2001:db8::1"; the port is 0 then. False when it is neither. */
bool network_host_parse(struct network_host *host, const char *text);
/* Are their addresses the same? The ports may differ. */
bool network_host_same(const struct network_host *one, const struct network_host *other);
bool network_host_is_v4(const struct network_host *host);
/* As it is logged: "192.0.2.1:25", "[2001:db8::1]:25", "unix". The caller frees. */
char *network_host_name(const struct network_host *host);
/* The network that it is in: "192.0.2.0/24", "2001:db8::/48"; "192.0.2.1" when all bits count, "unix". The bits are
 * those of its own family. The caller frees. */
char *network_name(const struct network_host *host, unsigned v4_bits, unsigned v6_bits);

/* A set of networks. */
struct networks;

/* NETWORK *( "," NETWORK ), where NETWORK is ADDRESS, ADDRESS/BITS or "unix"; "none" is the empty set. NULL and what
 * was wrong. */
struct networks *networks_parse(const char *text, GError **error);
void networks_free(struct networks *networks);
/* NULL has nobody. */
bool networks_empty(const struct networks *networks);
bool networks_have(const struct networks *networks, const struct network_host *host);

typedef struct networks Networks;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Networks, networks_free)
