/* arrival.h: a connection until it is greeted: a load balancer may have to name the client, there must be room for it,
 * and the greeting may be delayed. Most pass at once; the others are kept here meanwhile. */
#pragma once

#include <sys/socket.h>

#include "cmd/bounced/peers/peers.h"

struct arrival;

/* Takes the non-blocking socket `fd`, which a peer at `address` has connected to `listener`: refuses it, or opens a
 * peer, now or later. */
void arrival_take(struct peers *peers, const struct listen_config *listener, int fd, const struct sockaddr *address);
/* The daemon stops, or the listener has gone: says 421, and closes. */
void arrival_stop(struct arrival *arrival);
/* The free function of peers->arrivals: closes. */
void arrival_free(void *arrival);
