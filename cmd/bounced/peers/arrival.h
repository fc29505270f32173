/* arrival.h: a connection until it is greeted: for whom it is, when a load balancer has to say so; whether there is
 * room for it; and that it waits its turn to talk. Most pass at once; the others are kept here meanwhile. */
#pragma once

#include <sys/socket.h>

#include "cmd/bounced/peers/receiver.h"

struct arrival;

/* Takes the non-blocking socket `fd`, which a peer at `address` has connected to `listener`: refuses it, or opens a
 * peer, now or later. */
void arrival_take(struct receiver *receiver, const struct listen_config *listener, int fd,
                  const struct sockaddr *address);
/* A peer has become another's, by XCLIENT, as if that had come: greets it anew, and the facts are the other's; or ends
 * the session, when there is no room for it. */
void arrival_again(struct receiver *receiver, struct peer_facts *facts, struct session *session);
/* The daemon stops, or the listener has gone: says 421, and closes. */
void arrival_stop(struct arrival *arrival);
/* What the receiver's set of arrivals frees them with: closes. */
void arrival_free(void *arrival);
