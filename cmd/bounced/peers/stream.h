/* stream.h: a peer's socket in the event loop, in the clear or under TLS: a bufferevent, and the parts that
 * libevent leaves to its users. */
#pragma once

#include <event2/bufferevent.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

/* Takes the non-blocking socket `fd`. */
struct bufferevent *stream_new(struct event_base *base, int fd);
/* The socket of `*stream` goes over to OpenSSL, as the server, and another stream takes its place; the caller sets
 * callbacks and time-outs anew, and is told of the handshake's end by BEV_EVENT_CONNECTED. NULL; or why it cannot be,
 * and the stream stays as it was: without a certificate (`context` is NULL), or when there is input already, which came
 * in the clear. */
const char *stream_start_tls(struct bufferevent **stream, SSL_CTX *context);
/* Closes at once: says goodbye under TLS, and drops input. */
void stream_close(struct bufferevent *stream);

void stream_write(struct bufferevent *stream, const char *bytes, size_t length);
/* The octets of that which the kernel has not taken. */
size_t stream_unsent(struct bufferevent *stream);

/* "TLSv1.3"; NULL in the clear. Constant text. */
const char *stream_tls_version(struct bufferevent *stream);
/* The reason why a handshake failed; NULL if OpenSSL gives none. */
const char *stream_tls_problem(struct bufferevent *stream);
