/* peer.h: one peer: a socket on one side, a session on the other. It moves the bytes, keeps the time-outs and
 * gives messages to the receiver; what is said is the session's. */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

#include "cmd/bounced/receiver.h"
#include "cmd/ingest.h"

struct peer;

/* Takes the socket `fd`, which is non-blocking, and greets. `address` is the peer's. */
void peer_open(struct receiver *receiver, const struct listen_config *listener, int fd, const struct sockaddr *address);
/* The store has room, or there is memory: goes on with the message that waited. */
void peer_resume(struct peer *peer);
/* The outcome of the message it gave. */
void peer_answer(struct peer *peer, enum ingest_outcome outcome);
/* The memory that a message takes of which more is to come; 0: there is none. It can be given up: the peer gets 452 in
 * the end. */
size_t peer_unfinished(const struct peer *peer);
void peer_shed(struct peer *peer);
/* The daemon stops: closes now, or when the message is answered. */
void peer_stop(struct peer *peer);
/* The stop lasts too long: says 421, unless its message is with the store. peer_close() follows. */
void peer_give_up(struct peer *peer);
/* Closes it at once. A message that is with the store is stored or not all the same; its sender will not know. */
void peer_close(struct peer *peer);
/* What the receiver's set of peers frees them with. */
void peer_free(void *peer);

/* For the log. */
const char *peer_name(const struct peer *peer);
/* "TLSv1.3"; NULL in the clear. */
const char *peer_tls(const struct peer *peer);
const char *peer_listener(const struct peer *peer);
/* How many messages it gave. */
unsigned peer_messages(const struct peer *peer);
