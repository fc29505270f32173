/* peer.h: one peer: a socket on one side, a session on the other. It moves the bytes, keeps the time-outs and
 * gives messages to the receiver; what is said is the session's. */
#pragma once

#include <event2/bufferevent.h>
#include <stdbool.h>

#include "cmd/bounced/peers/receiver.h"
#include "cmd/ingest/ingest.h"

struct peer;

/* What is told of it. */
struct peer_facts {
    struct network_host host;
    char *name;     /* of the host */
    char *listener; /* its name */
    enum listen_protocol protocol;
    const char *tls;   /* "TLSv1.3"; NULL in the clear */
    unsigned messages; /* that it gave */
    bool unlimited;    /* it may name others, and has named none: it has not entered receiver->limits */
};

/* Takes the stream, and greets. `host` is the peer's, and has entered receiver->limits, unless it may name
 * others by XCLIENT. */
void peer_open(struct receiver *receiver, const struct listen_config *listener, struct bufferevent *stream,
               const struct network_host *host);
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

const struct peer_facts *peer_facts(const struct peer *peer);
