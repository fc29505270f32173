/* peer.h: one peer: a socket on one side, a session on the other. It moves the bytes, keeps the time-outs and gives
 * messages to the store; the session speaks. */
#pragma once

#include <event2/bufferevent.h>
#include <stdbool.h>
#include <stddef.h>

#include "cmd/bounced/peers/client.h"
#include "cmd/bounced/peers/peers.h"

struct peer;

/* Takes the stream, and greets. `host` has entered peers->limits, unless it is trusted with XCLIENT. */
void peer_open(struct peers *peers, const struct listen_config *listener, struct bufferevent *stream,
               const struct network_host *host);
/* The store has room, or there is memory: goes on with the message that waited. */
void peer_resume(struct peer *peer);
/* The outcome of the message it gave. */
void peer_conclude(struct peer *peer, enum session_outcome outcome);
/* Ends the session because of a limit. */
void peer_end(struct peer *peer, enum session_end why, enum limit limit);
/* The daemon stops: closes now, or when the message is answered. */
void peer_stop(struct peer *peer);
/* The stop lasts too long: says 421, unless its message is with the store. peer_close() follows. */
void peer_give_up(struct peer *peer);
/* Closes it at once. A message that is with the store is stored or not all the same; its sender will not know. */
void peer_close(struct peer *peer);
/* The free function of peers->open. */
void peer_free(void *peer);

const struct client *peer_client(const struct peer *peer);
