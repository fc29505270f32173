#include "cmd/bounced/peer.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include "cmd/bounced/listener.h"

/* What a peer may have sent that the session has not taken, and replies that it may have left unread: beyond these the
 * socket is not read. */
enum { INPUT_MAX = 65536, OUTPUT_MAX = 16384 };

struct peer {
    struct receiver *receiver;
    char *listener; /* its name, for the log */
    enum listen_protocol protocol;
    struct bufferevent *stream; /* NULL: closed, and waits for the store to give its message back */
    struct session *session;
    const char *tls; /* its version, once it is on; NULL before */
    char *name;      /* for the log */
    GList place;     /* in receiver->waiting */
    bool in_line;    /* it is there */
    bool with_store; /* a message of it is with the store */
    bool handshake;  /* TLS is being negotiated */
    bool is_done;    /* nothing more comes */
    unsigned messages;
};

/* --- the end ----------------------------------------------------------------------------------------------------- */

void peer_free(void *data)
{
    struct peer *peer = data;

    if (peer->stream != NULL)
        bufferevent_free(peer->stream);
    session_free(peer->session);
    g_free(peer->name);
    g_free(peer->listener);
    g_free(peer);
}

/* One line a session at most, and only when something was refused. */
static void log_errors(const struct peer *peer)
{
    struct journal_entry *entry;

    if (session_errors(peer->session) == 0)
        return;
    entry = journal_begin(peer->receiver->journal, LOG_INFO, "session");
    journal_text(entry, "peer", peer->name);
    journal_text(entry, "listener", peer->listener);
    journal_number(entry, "messages", peer->messages);
    journal_number(entry, "errors", (gint64)session_errors(peer->session));
    journal_text(entry, "last", session_last_error(peer->session));
    journal_send(entry);
}

/* When octets that nobody read are left in a socket that is closed, the kernel resets the peer, and the peer may
 * lose the reply that says why. */
static void discard_input(int fd)
{
    char octets[4096];

    for (int i = 0; i < 64 && recv(fd, octets, sizeof octets, MSG_DONTWAIT) > 0; i++)
        ;
}

/* Says goodbye (close_notify) without waiting for the peer to do the same. */
static void end_tls(struct peer *peer)
{
    SSL *tls = bufferevent_openssl_get_ssl(peer->stream);

    if (tls == NULL)
        return;
    SSL_set_shutdown(tls, SSL_RECEIVED_SHUTDOWN);
    SSL_shutdown(tls);
    ERR_clear_error();
}

void peer_close(struct peer *peer)
{
    if (peer->in_line)
        g_queue_unlink(&peer->receiver->waiting, &peer->place);
    peer->in_line = false;
    if (peer->stream != NULL) {
        log_errors(peer);
        end_tls(peer);
        discard_input(bufferevent_getfd(peer->stream));
        bufferevent_free(peer->stream);
        peer->stream = NULL;
    }
    if (!peer->with_store)
        g_hash_table_remove(peer->receiver->peers, peer);
}

/* --- moving bytes ------------------------------------------------------------------------------------------------ */

static void write_output(struct peer *peer)
{
    const GString *output = session_output(peer->session);

    if (output->len == 0)
        return;
    bufferevent_write(peer->stream, output->str, output->len);
    session_sent(peer->session, output->len);
}

static size_t unsent(const struct peer *peer)
{
    return evbuffer_get_length(bufferevent_get_output(peer->stream));
}

/* False when there was nothing. */
static bool feed_session(struct peer *peer)
{
    struct evbuffer *input = bufferevent_get_input(peer->stream);
    struct evbuffer_iovec chunk;

    /* An empty buffer may still have a chunk, an empty one. */
    if (evbuffer_get_length(input) == 0 || evbuffer_peek(input, -1, NULL, &chunk, 1) < 1)
        return false;
    evbuffer_drain(input, session_feed(peer->session, chunk.iov_base, chunk.iov_len));
    return true;
}

static void submit(struct peer *peer)
{
    g_autoptr(Transaction) transaction = session_take_message(peer->session);
    const char *source = listen_protocol_names[peer->protocol];
    struct ingest_message *message = ingest_message_new(source, g_get_real_time() / G_USEC_PER_SEC);

    g_string_free(message->bytes, TRUE);
    message->bytes = g_steal_pointer(&transaction->message);
    g_ptr_array_unref(message->rcpt_to);
    message->rcpt_to = g_ptr_array_ref(transaction->recipients);
    message->mail_from = g_steal_pointer(&transaction->mail_from);
    message->owner = peer;
    peer->with_store = true;
    peer->messages++;
    receiver_submit(peer->receiver, message);
}

static void attach(struct peer *peer, struct bufferevent *stream);

static void log_tls(const struct peer *peer, const char *problem)
{
    struct journal_entry *entry = journal_begin(peer->receiver->journal, LOG_INFO, "starttls-failed");

    journal_text(entry, "peer", peer->name);
    journal_text(entry, "listener", peer->listener);
    journal_text(entry, "error", problem);
    journal_send(entry);
}

/* The 220 is with the kernel: the socket goes over to OpenSSL. */
static void start_tls(struct peer *peer)
{
    struct bufferevent *clear = peer->stream;
    evutil_socket_t fd = bufferevent_getfd(clear);

    if (evbuffer_get_length(bufferevent_get_input(clear)) > 0) {
        log_tls(peer, "commands behind STARTTLS");
        peer_close(peer);
        return;
    }
    bufferevent_setfd(clear, -1);
    bufferevent_free(clear);
    peer->handshake = true;
    attach(peer, bufferevent_openssl_socket_new(peer->receiver->base, fd, SSL_new(peer->receiver->setup->tls),
                                                BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE));
    /* Only the final dot ends a message, so a connection that is cut loses nothing but itself. */
    bufferevent_openssl_set_allow_dirty_shutdown(peer->stream, 1);
}

/* Does one step of what the session wants next; false when the peer waits for something, or is gone. */
static bool take_step(struct peer *peer)
{
    switch (session_next(peer->session)) {
    case SESSION_READ:
        if (unsent(peer) >= OUTPUT_MAX)
            return false;
        if (feed_session(peer))
            return true;
        if (peer->is_done && unsent(peer) == 0)
            peer_close(peer);
        return false;
    case SESSION_WRITE:
        return true;
    case SESSION_MESSAGE:
        peer->in_line = !receiver_admit(peer->receiver, &peer->place);
        if (!peer->in_line)
            submit(peer);
        return !peer->in_line;
    case SESSION_WAIT:
        return false;
    case SESSION_STARTTLS:
        if (unsent(peer) == 0 && !peer->handshake)
            start_tls(peer);
        return false;
    case SESSION_CLOSE:
        if (unsent(peer) == 0)
            peer_close(peer);
        return false;
    }
    g_assert_not_reached();
}

/* The peer may be gone afterwards. */
static void pump(struct peer *peer)
{
    bool again;

    do {
        if (peer->receiver->stopping && !session_in_transaction(peer->session))
            session_end(peer->session, SESSION_STOPPING);
        write_output(peer);
        again = take_step(peer);
    } while (again);
}

/* --- events ------------------------------------------------------------------------------------------------------ */

static void on_data(struct bufferevent *stream G_GNUC_UNUSED, void *data)
{
    struct peer *peer = data;

    if (!peer->in_line)
        pump(peer);
}

/* The peer is silent, or does not read. While it waits for us its silence is no fault. */
static void on_timeout(struct peer *peer, short what)
{
    enum session_event next = session_next(peer->session);

    if ((what & BEV_EVENT_WRITING) != 0 || next == SESSION_CLOSE || next == SESSION_STARTTLS) {
        peer_close(peer);
    } else if (next == SESSION_MESSAGE || next == SESSION_WAIT) {
        bufferevent_enable(peer->stream, EV_READ);
    } else {
        session_end(peer->session, SESSION_IDLE);
        pump(peer);
    }
}

static void on_handshake(struct peer *peer)
{
    peer->handshake = false;
    peer->tls = SSL_get_version(bufferevent_openssl_get_ssl(peer->stream));
    session_encrypted(peer->session);
    pump(peer);
}

static void on_event(struct bufferevent *stream G_GNUC_UNUSED, short what, void *data)
{
    struct peer *peer = data;

    if ((what & BEV_EVENT_CONNECTED) != 0) {
        on_handshake(peer);
    } else if ((what & BEV_EVENT_TIMEOUT) != 0) {
        on_timeout(peer, what);
    } else if ((what & BEV_EVENT_ERROR) != 0) {
        if (peer->handshake)
            log_tls(peer, ERR_reason_error_string(bufferevent_get_openssl_error(peer->stream)));
        peer_close(peer);
    } else if ((what & BEV_EVENT_EOF) != 0) {
        /* A peer may close its half with the last command and still read the replies. */
        peer->is_done = true;
        if (!peer->in_line)
            pump(peer);
    }
}

/* --- from outside ------------------------------------------------------------------------------------------------ */

static void attach(struct peer *peer, struct bufferevent *stream)
{
    struct timeval timeout = {.tv_sec = peer->receiver->setup->config->idle_timeout};

    peer->stream = stream;
    bufferevent_setcb(stream, on_data, on_data, on_event, peer);
    bufferevent_setwatermark(stream, EV_READ, 0, INPUT_MAX);
    bufferevent_set_timeouts(stream, &timeout, &timeout);
    bufferevent_enable(stream, EV_READ | EV_WRITE);
}

/* How the session is to treat who comes by this listener. */
static struct session_link link_of(const struct receiver *receiver, const struct listen_config *listener)
{
    return (struct session_link){
        .protocol = listener->protocol,
        .tls = receiver->setup->tls != NULL ? listener->tls : LISTEN_TLS_NONE,
    };
}

void peer_open(struct receiver *receiver, const struct listen_config *listener, int fd, const struct sockaddr *address)
{
    struct session_link link = link_of(receiver, listener);
    struct peer *peer = g_new0(struct peer, 1);

    peer->receiver = receiver;
    peer->listener = g_strdup(listener->name);
    peer->protocol = listener->protocol;
    peer->name = listener_peer_name(address);
    peer->place.data = peer;
    peer->session = session_new(&receiver->settings, &link);
    g_hash_table_add(receiver->peers, peer);
    attach(peer, bufferevent_socket_new(receiver->base, fd, BEV_OPT_CLOSE_ON_FREE));
    session_greet(peer->session);
    pump(peer);
}

void peer_refuse(const struct receiver *receiver, const struct listen_config *listener, int fd)
{
    struct session_link link = link_of(receiver, listener);
    g_autoptr(Session) session = session_new(&receiver->settings, &link);
    ssize_t unused;

    session_end(session, SESSION_BUSY);
    /* When the socket of a new connection has no room for one line, there is no more to do for it. */
    unused = send(fd, session_output(session)->str, session_output(session)->len, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)unused;
    discard_input(fd);
    close(fd);
}

void peer_resume(struct peer *peer)
{
    peer->in_line = false;
    submit(peer);
    pump(peer);
}

void peer_answer(struct peer *peer, enum ingest_outcome outcome)
{
    peer->with_store = false;
    session_answer(peer->session, outcome == INGEST_FAILED ? SESSION_FAILED : SESSION_STORED);
    if (peer->stream == NULL)
        peer_close(peer);
    else
        pump(peer);
}

void peer_stop(struct peer *peer)
{
    if (peer->stream != NULL && !peer->in_line)
        pump(peer);
}

const char *peer_name(const struct peer *peer)
{
    return peer->name;
}

const char *peer_tls(const struct peer *peer)
{
    return peer->tls;
}

const char *peer_listener(const struct peer *peer)
{
    return peer->listener;
}
