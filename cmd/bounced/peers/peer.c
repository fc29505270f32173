#include "cmd/bounced/peers/peer.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "cmd/bounced/peers/stream.h"

/* Input that the session has not taken, and replies that the peer has not read: beyond these the socket is not read. */
enum { INPUT_MAX = 65536, OUTPUT_MAX = 16384 };

struct peer {
    struct peers *peers;
    struct client client;
    struct bufferevent *stream; /* NULL: closed, and waits for the store to give its message back */
    struct session *session;
    struct event *deadline; /* of the message that comes next */
    struct intake_place place;
    bool handshake; /* TLS is being negotiated */
    bool is_done;   /* nothing more comes */
    bool lenient;   /* it need not wait for its turn */
};

void peer_free(void *data)
{
    struct peer *peer = data;

    if (peer->stream != NULL)
        bufferevent_free(peer->stream);
    intake_exit(peer->peers->intake, &peer->place);
    client_clear(&peer->client, peer->peers->limits);
    event_free(peer->deadline);
    session_free(peer->session);
    g_free(peer);
}

void peer_close(struct peer *peer)
{
    intake_leave(&peer->place);
    if (peer->stream != NULL) {
        record_session(peer->peers->record, &peer->client, peer->session);
        stream_close(g_steal_pointer(&peer->stream));
    }
    if (!peer->place.with_store)
        g_hash_table_remove(peer->peers->open, peer);
}

/* --- moving bytes ------------------------------------------------------------------------------------------------ */

static void flush(struct peer *peer)
{
    const GString *output = session_output(peer->session);

    if (output->len == 0)
        return;
    stream_write(peer->stream, output->str, output->len);
    session_sent(peer->session, output->len);
}

/* Writes what there is to say; true when the kernel has all of it. */
static bool all_said(struct peer *peer)
{
    flush(peer);
    return stream_unsent(peer->stream) == 0;
}

/* False when there was nothing. */
static bool feed_session(struct peer *peer)
{
    struct evbuffer *input = bufferevent_get_input(peer->stream);
    struct evbuffer_iovec chunk;
    size_t taken;

    /* An empty buffer may still have a chunk, an empty one. */
    if (evbuffer_get_length(input) == 0 || evbuffer_peek(input, -1, NULL, &chunk, 1) < 1)
        return false;
    taken = session_feed(peer->session, chunk.iov_base, chunk.iov_len);
    evbuffer_drain(input, taken);
    if (!intake_count(peer->peers->intake, &peer->place, taken))
        peers_hit(peer->peers, LIMIT_ADDRESS_MEMORY, &peer->client.host, peer->client.listener);
    return true;
}

static void submit(struct peer *peer)
{
    peer->client.messages++;
    intake_submit(peer->peers->intake, &peer->place, &peer->client);
}

/* --- what the session asks for ----------------------------------------------------------------------------------- */

/* A MAIL. */
static void answer_sender(struct peer *peer)
{
    struct peers *peers = peer->peers;
    enum limit passed = client_send(&peer->client, peers->limits, peers->setup->config, g_get_monotonic_time());

    if (passed == LIMIT_NONE) {
        session_permit(peer->session);
        return;
    }
    peers_hit(peers, passed, &peer->client.host, peer->client.listener);
    session_defer(peer->session);
}

/* XCLIENT named another client, which is treated as if it had come itself. */
static void answer_xclient(struct peer *peer)
{
    struct peers *peers = peer->peers;
    const struct network_host *host = session_client(peer->session);
    enum limit passed = client_rename(&peer->client, peers->limits, peers->setup->config, host, g_get_monotonic_time());

    if (passed != LIMIT_NONE) {
        session_end(peer->session, peers_refuse(peers, passed, host, peer->client.listener));
        return;
    }
    peers->counters->xclients++;
    session_greet(peer->session);
}

static void attach(struct peer *peer, struct bufferevent *stream);

static bool refuse_tls(struct peer *peer, const char *problem)
{
    peer->peers->counters->handshakes[COUNTER_RESULT_BAD]++;
    record_tls(peer->peers->record, &peer->client, problem);
    peer_close(peer);
    return false;
}

/* The 220 is with the kernel. False when the peer is gone. */
static bool start_tls(struct peer *peer)
{
    const char *problem = stream_start_tls(&peer->stream, peer->peers->setup->tls);

    if (problem != NULL)
        return refuse_tls(peer, problem);
    peer->handshake = true;
    attach(peer, peer->stream);
    return true;
}

enum step {
    STEP_TAKEN,
    STEP_WAITS, /* for the peer, or for the store */
    STEP_GONE,  /* the peer was freed */
};

/* The peer waits in line, because of this limit. */
static enum step wait_for(struct peer *peer, enum limit limit)
{
    peer->peers->counters->limits[limit]++;
    record_waits(peer->peers->record, limit_names[limit], &peer->client);
    return STEP_WAITS;
}

/* When the kernel has all that there is to say. */
static enum step hang_up(struct peer *peer)
{
    if (!all_said(peer))
        return STEP_WAITS;
    peer_close(peer);
    return STEP_GONE;
}

static enum step read_more(struct peer *peer)
{
    if (stream_unsent(peer->stream) >= OUTPUT_MAX)
        return STEP_WAITS;
    if (session_in_message(peer->session) && evbuffer_get_length(bufferevent_get_input(peer->stream)) > 0 &&
        !intake_has_memory(peer->peers->intake, &peer->place))
        return wait_for(peer, LIMIT_MEMORY);
    if (feed_session(peer))
        return STEP_TAKEN;
    return peer->is_done ? hang_up(peer) : STEP_WAITS;
}

/* The peer has to read before it says more. */
static void write_replies(struct peer *peer)
{
    if (session_expects_silence(peer->session) && !peer->lenient &&
        evbuffer_get_length(bufferevent_get_input(peer->stream)) > 0) {
        peer->peers->counters->early_talkers++;
        session_end(peer->session, SESSION_END_EARLY);
    }
    flush(peer);
}

/* Does what the session wants next. */
static enum step take_step(struct peer *peer)
{
    switch (session_next(peer->session)) {
    case SESSION_EVENT_READ:
        return read_more(peer);
    case SESSION_EVENT_WRITE:
        write_replies(peer);
        return STEP_TAKEN;
    case SESSION_EVENT_SENDER:
        answer_sender(peer);
        return STEP_TAKEN;
    case SESSION_EVENT_MESSAGE:
        if (!intake_admit(peer->peers->intake, &peer->place))
            return wait_for(peer, LIMIT_QUEUE);
        submit(peer);
        return STEP_TAKEN;
    case SESSION_EVENT_WAIT:
        return STEP_WAITS;
    case SESSION_EVENT_XCLIENT:
        answer_xclient(peer);
        return STEP_TAKEN;
    case SESSION_EVENT_STARTTLS:
        if (peer->handshake || !all_said(peer))
            return STEP_WAITS;
        return start_tls(peer) ? STEP_WAITS : STEP_GONE;
    case SESSION_EVENT_CLOSE:
        return hang_up(peer);
    }
    g_assert_not_reached();
}

/* Replies are written together, when there is nothing more to do just now. The peer may be gone afterwards. */
static void pump(struct peer *peer)
{
    enum step step;

    do {
        if (peer->peers->stopping && !session_in_message(peer->session))
            session_end(peer->session, SESSION_END_STOPPING);
        step = take_step(peer);
    } while (step == STEP_TAKEN);
    if (step == STEP_WAITS)
        flush(peer);
}

/* Nothing that were said would be read. */
static void close_for(struct peer *peer, enum limit limit)
{
    peers_hit(peer->peers, limit, &peer->client.host, peer->client.listener);
    peer_close(peer);
}

void peer_end(struct peer *peer, enum session_end why, enum limit limit)
{
    peers_hit(peer->peers, limit, &peer->client.host, peer->client.listener);
    session_end(peer->session, why);
    pump(peer);
}

/* --- events ------------------------------------------------------------------------------------------------------ */

static void on_data(struct bufferevent *stream G_GNUC_UNUSED, void *data)
{
    struct peer *peer = data;

    if (!intake_waits(&peer->place))
        pump(peer);
}

/* The peer is silent, or does not read. While it waits for us its silence is no fault. */
static void on_timeout(struct peer *peer, short what)
{
    enum session_event next = session_next(peer->session);

    if ((what & BEV_EVENT_WRITING) != 0 || next == SESSION_EVENT_CLOSE || next == SESSION_EVENT_STARTTLS)
        close_for(peer, LIMIT_IDLE_TIMEOUT);
    else if (intake_waits(&peer->place) || next == SESSION_EVENT_WAIT)
        bufferevent_enable(peer->stream, EV_READ);
    else
        peer_end(peer, SESSION_END_IDLE, LIMIT_IDLE_TIMEOUT);
}

static void set_deadline(struct peer *peer)
{
    struct timeval timeout = {.tv_sec = peer->peers->setup->config->session_timeout};

    event_add(peer->deadline, &timeout);
}

/* The peer is never silent, and comes to no end. */
static void on_deadline(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct peer *peer = data;

    set_deadline(peer); /* also for a peer that does not read what it is told */
    if (intake_waits(&peer->place) || peer->place.with_store)
        return;
    if (peer->handshake || session_next(peer->session) == SESSION_EVENT_CLOSE)
        close_for(peer, LIMIT_SESSION_TIMEOUT);
    else
        peer_end(peer, SESSION_END_SLOW, LIMIT_SESSION_TIMEOUT);
}

static void on_handshake(struct peer *peer)
{
    peer->handshake = false;
    peer->peers->counters->handshakes[COUNTER_RESULT_GOOD]++;
    peer->client.tls = stream_tls_version(peer->stream);
    /* A stop may have ended the session meanwhile. */
    if (session_next(peer->session) == SESSION_EVENT_STARTTLS)
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
    } else if (peer->handshake) {
        refuse_tls(peer, stream_tls_problem(peer->stream));
    } else if ((what & BEV_EVENT_ERROR) != 0) {
        peer_close(peer);
    } else if ((what & BEV_EVENT_EOF) != 0) {
        /* A peer may close its half with the last command and still read the replies. */
        peer->is_done = true;
        if (!intake_waits(&peer->place))
            pump(peer);
    }
}

/* --- from outside ------------------------------------------------------------------------------------------------ */

static void attach(struct peer *peer, struct bufferevent *stream)
{
    struct timeval timeout = {.tv_sec = peer->peers->setup->config->idle_timeout};

    peer->stream = stream;
    bufferevent_setcb(stream, on_data, on_data, on_event, peer);
    bufferevent_setwatermark(stream, EV_READ, 0, INPUT_MAX);
    bufferevent_set_timeouts(stream, &timeout, &timeout);
    bufferevent_enable(stream, EV_READ); /* writing is, from the start; once more, it would wait in vain */
}

void peer_open(struct peers *peers, const struct listen_config *listener, struct bufferevent *stream,
               const struct network_host *host)
{
    const struct session_link link = {.protocol = listener->protocol,
                                      .tls = peers->setup->tls != NULL ? listener->tls : LISTEN_TLS_NONE,
                                      .host = *host,
                                      .normalize = listen_normalizes(listener),
                                      .xclient = networks_have(listener->xclient, host)};
    struct peer *peer = g_new0(struct peer, 1);

    peer->peers = peers;
    client_init(&peer->client, listener, host);
    peer->lenient = listener->lenient;
    peer->deadline = evtimer_new(peers->base, on_deadline, peer);
    set_deadline(peer);
    peer->session = session_new(&peers->settings, &link);
    intake_enter(peers->intake, &peer->place, peer, peer->session);
    g_hash_table_add(peers->open, peer);
    attach(peer, stream);
    session_greet(peer->session);
    pump(peer);
}

void peer_resume(struct peer *peer)
{
    if (session_next(peer->session) == SESSION_EVENT_MESSAGE)
        submit(peer);
    pump(peer);
}

void peer_conclude(struct peer *peer, enum session_outcome outcome)
{
    session_conclude(peer->session, outcome);
    intake_conclude(peer->peers->intake, &peer->place);
    set_deadline(peer);
    if (peer->stream == NULL)
        peer_close(peer);
    else
        pump(peer);
}

void peer_stop(struct peer *peer)
{
    if (peer->handshake)
        peer_close(peer); /* no reply can be read before TLS is on */
    else if (peer->stream != NULL && !intake_waits(&peer->place))
        pump(peer);
}

void peer_give_up(struct peer *peer)
{
    if (peer->stream == NULL || peer->handshake || peer->place.with_store)
        return;
    session_end(peer->session, SESSION_END_STOPPING);
    flush(peer);
}

const struct client *peer_client(const struct peer *peer)
{
    return &peer->client;
}
