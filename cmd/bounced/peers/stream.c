#include "cmd/bounced/peers/stream.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <sys/socket.h>

struct bufferevent *stream_new(struct event_base *base, int fd)
{
    return bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
}

const char *stream_start_tls(struct bufferevent **stream, SSL_CTX *context)
{
    struct event_base *base = bufferevent_get_base(*stream);
    evutil_socket_t fd = bufferevent_getfd(*stream);
    SSL *tls;

    if (evbuffer_get_length(bufferevent_get_input(*stream)) > 0)
        return "commands behind STARTTLS";
    /* A reload may have taken the certificate away. */
    tls = context != NULL ? SSL_new(context) : NULL;
    if (tls == NULL)
        return "no certificate";
    bufferevent_setfd(*stream, -1);
    bufferevent_free(*stream);
    *stream = bufferevent_openssl_socket_new(base, fd, tls, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
    /* Only the final dot ends a message, so a connection that is cut loses nothing but itself. */
    bufferevent_openssl_set_allow_dirty_shutdown(*stream, 1);
    return NULL;
}

/* When octets that nobody read are left in a socket that is closed, the kernel resets the connection, and the peer may
 * lose the reply that says why. */
static void discard_input(int fd)
{
    char octets[4096];

    for (int i = 0; i < 64 && recv(fd, octets, sizeof octets, MSG_DONTWAIT) > 0; i++)
        ;
}

void stream_close(struct bufferevent *stream)
{
    SSL *tls = bufferevent_openssl_get_ssl(stream);

    if (tls != NULL) {
        /* The peer's own close_notify is not waited for. */
        SSL_set_shutdown(tls, SSL_RECEIVED_SHUTDOWN);
        SSL_shutdown(tls);
        ERR_clear_error();
    }
    discard_input(bufferevent_getfd(stream));
    bufferevent_free(stream);
}

void stream_write(struct bufferevent *stream, const char *bytes, size_t length)
{
    ssize_t sent = -1;

    /* Nearly always the kernel takes a reply at once; asking the loop first whether it would costs more than that. A
     * failure here comes there once more, as an event. */
    if (stream_unsent(stream) == 0 && bufferevent_openssl_get_ssl(stream) == NULL)
        sent = send(bufferevent_getfd(stream), bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0)
        sent = 0;
    if ((size_t)sent < length)
        bufferevent_write(stream, bytes + sent, length - (size_t)sent);
}

size_t stream_unsent(struct bufferevent *stream)
{
    return evbuffer_get_length(bufferevent_get_output(stream));
}

const char *stream_tls_version(struct bufferevent *stream)
{
    SSL *tls = bufferevent_openssl_get_ssl(stream);

    return tls != NULL ? SSL_get_version(tls) : NULL;
}

const char *stream_tls_problem(struct bufferevent *stream)
{
    return ERR_reason_error_string(bufferevent_get_openssl_error(stream));
}
