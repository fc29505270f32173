/* connections.h: the clients of the service of HTTP that are connected: no more than HTTP_CONNECTIONS, and no more
 * octets of requests that are not complete than can be borne. */
#pragma once

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <glib.h>
#include <openssl/ssl.h>
#include <stdbool.h>

#include "cmd/bounced/http/routing/http_call.h"

struct connections;

enum { HTTP_SILENCE = 10 }; /* seconds that a client may be silent within a request, and take nothing of an answer */

struct connection {
    struct connections *all;
    struct bufferevent *stream;
    size_t unfinished;      /* octets of the request that comes */
    struct http_call *call; /* that is open */
};

struct connections *connections_new(struct event_base *base);
/* Once those who use the streams have freed them. */
void connections_free(struct connections *connections);

/* Makes the stream of a client that is accepted; `tls` is NULL in the clear. */
struct connection *connections_add(struct connections *connections, SSL_CTX *tls);
struct connection *connections_find(struct connections *connections, struct bufferevent *stream);
/* Its request is complete, and is `call`: until that has ended the client may be silent, but gets no more than a little
 * read of what it sends meanwhile; and its answer goes on as long as it takes it. */
void connections_begin(struct connection *connection, struct http_call *call);
void connections_end(struct connection *connection);
/* Between the two: it is found out when the client goes. */
void connections_watch(struct connection *connection);

/* Is there anything to send of any? */
bool connections_unsent(const struct connections *connections);
/* Closes the sockets of those that have ended. A stream that was added, and that nobody uses yet, would be taken for
 * one.
 */
void connections_forget_ended(struct connections *connections);
/* Is there room for no other? */
bool connections_full(const struct connections *connections);
/* Those that are idle, or still send their request, go: they can come again, and a scrape must not wait for peers that
 * say nothing. */
void connections_close_idle(struct connections *connections);
