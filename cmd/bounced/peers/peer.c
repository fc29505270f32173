#include "cmd/bounced/peers/peer.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "cmd/bounced/peers/arrival.h"
#include "cmd/bounced/peers/stream.h"

/* What a peer may have sent that the session has not taken, and replies that it may have left unread: beyond these the
 * socket is not read. */
enum { INPUT_MAX = 65536, OUTPUT_MAX = 16384 };

struct peer {
    struct receiver *receiver;
    struct peer_facts facts;
    struct bufferevent *stream; /* NULL: closed, and waits for the store to give its message back */
    struct session *session;
    struct event *deadline; /* of the message that comes next */
    GList place;            /* in `line` */
    GQueue *line;           /* of the receiver, where it waits; NULL: it does not */
    bool with_store;        /* a message of it is with the store */
    size_t given;           /* the memory that one takes */
    size_t held;            /* what it counts for in receiver->held */
    bool handshake;         /* TLS is being negotiated */
    bool is_done;           /* nothing more comes */
    bool lenient;           /* it need not wait for its turn */
};

void peer_free(void *data)
{
    struct peer *peer = data;

    if (peer->stream != NULL)
        bufferevent_free(peer->stream);
    peer->receiver->held -= peer->held;
    if (!peer->facts.unlimited)
        limits_leave(peer->receiver->limits, &peer->facts.host);
    event_free(peer->deadline);
    session_free(peer->session);
    g_free(peer->facts.name);
    g_free(peer->facts.listener);
    g_free(peer);
}

void peer_close(struct peer *peer)
{
    if (peer->line != NULL)
        g_queue_unlink(peer->line, &peer->place);
    peer->line = NULL;
    if (peer->stream != NULL) {
        record_session(peer->receiver->record, &peer->facts, peer->session);
        stream_close(g_steal_pointer(&peer->stream));
    }
    if (!peer->with_store)
        g_hash_table_remove(peer->receiver->peers, peer);
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

static void count_held(struct peer *peer)
{
    size_t held = peer->given + session_held(peer->session);

    peer->receiver->held += held - peer->held;
    peer->held = held;
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
    count_held(peer);
    return true;
}

static void submit(struct peer *peer)
{
    struct transaction *transaction = session_take_message(peer->session);

    peer->with_store = true;
    peer->given = transaction->message->allocated_len;
    peer->facts.messages++;
    count_held(peer);
    receiver_submit(peer->receiver, transaction, peer);
}

static void attach(struct peer *peer, struct bufferevent *stream);

static bool refuse_tls(struct peer *peer, const char *problem)
{
    peer->receiver->counters.handshakes[COUNTER_BAD]++;
    record_tls(peer->receiver->record, &peer->facts, problem);
    peer_close(peer);
    return false;
}

/* The 220 is with the kernel. False when the peer is gone. */
static bool start_tls(struct peer *peer)
{
    const char *problem = stream_start_tls(&peer->stream, peer->receiver->setup->tls);

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
        !receiver_has_memory(peer->receiver, &peer->place)) {
        peer->line = &peer->receiver->paused;
        return STEP_WAITS;
    }
    if (feed_session(peer))
        return STEP_TAKEN;
    return peer->is_done ? hang_up(peer) : STEP_WAITS;
}

/* The peer has to read before it says more. */
static void write_replies(struct peer *peer)
{
    if (session_expects_silence(peer->session) && !peer->lenient &&
        evbuffer_get_length(bufferevent_get_input(peer->stream)) > 0) {
        peer->receiver->counters.early_talkers++;
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
        if (receiver_may_send(peer->receiver, &peer->facts))
            session_permit(peer->session);
        else
            session_defer(peer->session);
        return STEP_TAKEN;
    case SESSION_EVENT_MESSAGE:
        if (!receiver_admit(peer->receiver, &peer->place)) {
            peer->line = &peer->receiver->waiting;
            return STEP_WAITS;
        }
        submit(peer);
        return STEP_TAKEN;
    case SESSION_EVENT_WAIT:
        return STEP_WAITS;
    case SESSION_EVENT_XCLIENT:
        arrival_again(peer->receiver, &peer->facts, peer->session);
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
        if (peer->receiver->stopping && !session_in_message(peer->session))
            session_end(peer->session, SESSION_END_STOPPING);
        step = take_step(peer);
    } while (step == STEP_TAKEN);
    if (step == STEP_WAITS)
        flush(peer);
}

/* Nothing that were said would be read. */
static void close_for(struct peer *peer, enum limit limit)
{
    receiver_hit(peer->receiver, limit, &peer->facts.host, peer->facts.listener);
    peer_close(peer);
}

/* Ends the session because of a limit. */
static void end_for(struct peer *peer, enum session_end why, enum limit limit)
{
    receiver_hit(peer->receiver, limit, &peer->facts.host, peer->facts.listener);
    session_end(peer->session, why);
    pump(peer);
}

/* --- events ------------------------------------------------------------------------------------------------------ */

static void on_data(struct bufferevent *stream G_GNUC_UNUSED, void *data)
{
    struct peer *peer = data;

    if (peer->line == NULL)
        pump(peer);
}

/* The peer is silent, or does not read. While it waits for us its silence is no fault. */
static void on_timeout(struct peer *peer, short what)
{
    enum session_event next = session_next(peer->session);

    if ((what & BEV_EVENT_WRITING) != 0 || next == SESSION_EVENT_CLOSE || next == SESSION_EVENT_STARTTLS)
        close_for(peer, LIMIT_IDLE_TIMEOUT);
    else if (peer->line != NULL || next == SESSION_EVENT_WAIT)
        bufferevent_enable(peer->stream, EV_READ);
    else
        end_for(peer, SESSION_END_IDLE, LIMIT_IDLE_TIMEOUT);
}

static void set_deadline(struct peer *peer)
{
    struct timeval timeout = {.tv_sec = peer->receiver->setup->config->session_timeout};

    event_add(peer->deadline, &timeout);
}

/* The peer is never silent, and comes to no end. */
static void on_deadline(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct peer *peer = data;

    set_deadline(peer); /* also for a peer that does not read what it is told */
    if (peer->line != NULL || peer->with_store)
        return;
    if (peer->handshake || session_next(peer->session) == SESSION_EVENT_CLOSE)
        close_for(peer, LIMIT_SESSION_TIMEOUT);
    else
        end_for(peer, SESSION_END_SLOW, LIMIT_SESSION_TIMEOUT);
}

static void on_handshake(struct peer *peer)
{
    peer->handshake = false;
    peer->receiver->counters.handshakes[COUNTER_GOOD]++;
    peer->facts.tls = stream_tls_version(peer->stream);
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
        if (peer->line == NULL)
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
    bufferevent_enable(stream, EV_READ); /* writing is, from the start; once more, it would wait in vain */
}

void peer_open(struct receiver *receiver, const struct listen_config *listener, struct bufferevent *stream,
               const struct network_host *host)
{
    const struct session_link link = {.protocol = listener->protocol,
                                      .tls = receiver->setup->tls != NULL ? listener->tls : LISTEN_TLS_NONE,
                                      .host = *host,
                                      .xclient = networks_have(listener->xclient, host)};
    struct peer *peer = g_new0(struct peer, 1);

    peer->receiver = receiver;
    peer->facts = (struct peer_facts){.host = *host,
                                      .name = network_host_name(host),
                                      .listener = g_strdup(listener->name),
                                      .protocol = listener->protocol,
                                      .unlimited = link.xclient};
    peer->lenient = listener->lenient;
    peer->place.data = peer;
    peer->deadline = evtimer_new(receiver->base, on_deadline, peer);
    set_deadline(peer);
    peer->session = session_new(&receiver->settings, &link);
    g_hash_table_add(receiver->peers, peer);
    attach(peer, stream);
    session_greet(peer->session);
    pump(peer);
}

void peer_resume(struct peer *peer)
{
    peer->line = NULL;
    if (session_next(peer->session) == SESSION_EVENT_MESSAGE)
        submit(peer);
    pump(peer);
}

size_t peer_unfinished(const struct peer *peer)
{
    return session_next(peer->session) == SESSION_EVENT_MESSAGE ? 0 : session_held(peer->session);
}

void peer_shed(struct peer *peer)
{
    session_shed(peer->session);
    count_held(peer);
}

void peer_answer(struct peer *peer, enum ingest_outcome outcome)
{
    peer->with_store = false;
    peer->given = 0;
    session_conclude(peer->session, outcome == INGEST_FAILED ? SESSION_OUTCOME_FAILED : SESSION_OUTCOME_STORED);
    count_held(peer);
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
    else if (peer->stream != NULL && peer->line == NULL)
        pump(peer);
}

void peer_give_up(struct peer *peer)
{
    if (peer->stream == NULL || peer->handshake || peer->with_store)
        return;
    session_end(peer->session, SESSION_END_STOPPING);
    flush(peer);
}

const struct peer_facts *peer_facts(const struct peer *peer)
{
    return &peer->facts;
}
