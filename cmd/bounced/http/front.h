/* front.h: the sockets of the service of HTTP: requests of evhttp become calls, and answers of calls go to the clients.
 * On one thread, that of `base`. */
#pragma once

#include <event2/event.h>
#include <openssl/ssl.h>

#include "cmd/bounced/http/routing/http_call.h"
#include "cmd/config/listen.h"

struct front;
struct http_site;

/* Told of what happens. */
struct front_watcher {
    void *data;
    /* A request came to a listener that serves these (1 << enum listen_serve). The call is the watcher's. */
    void (*take)(void *data, struct http_call *call, unsigned services);
    /* An answer begins. */
    void (*answered)(void *data, const struct http_call *call);
    /* The client took all that was sent of a body in pieces. */
    void (*taken)(void *data, struct http_call *call);
};

struct front *front_new(struct event_base *base, const struct front_watcher *watcher);
/* Closes its connections. No call may be open. */
void front_free(struct front *front);

/* Begins to accept from `fd`; `tls` is NULL for a listener in the clear. A section that was closed, and comes again,
 * goes on with the connections that it had. */
struct http_site *front_open(struct front *front, const struct listen_config *section, SSL_CTX *tls, int fd);
void front_close(struct front *front, struct http_site *site);

/* Sends the answer. The call is done then, and the caller's to free. */
void front_answer(struct http_call *call);
/* The answer may take long: call->wire becomes NULL when the client goes meanwhile. */
void front_watch(struct http_call *call);
/* Is it only asked for the head? */
bool front_wants_head(const struct http_call *call);
/* The same in pieces: the head, each piece, the end. After a piece that is not empty `taken` is called, unless the
 * client is gone (call->wire is NULL). */
void front_begin(struct http_call *call);
void front_send(struct http_call *call, const GString *piece);
void front_end(struct http_call *call);
/* Breaks it off in place of that: the client sees that the end is missing. Not from within `taken`. */
void front_break(struct http_call *call);
/* Is there anything that its client has not taken? */
bool front_unsent(const struct front *front);
