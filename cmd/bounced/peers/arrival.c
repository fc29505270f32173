#include "cmd/bounced/peers/arrival.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "cmd/bounced/peers/peer.h"
#include "cmd/bounced/peers/record.h"
#include "cmd/bounced/peers/stream.h"
#include "cmd/bounced/smtp/proxy.h"

/* What a peer may have sent before its greeting: beyond this the socket is not read. */
enum { INPUT_MAX = PROXY_MAX };

/* What one session without a message takes, about: a new one needs as much. */
enum { SESSION_MEMORY = 16384 };

struct arrival {
    struct receiver *receiver;
    char *listener; /* its name: a reload may replace the section meanwhile */
    struct bufferevent *stream;
    struct network_host host;
    bool entered;        /* it has, receiver->limits */
    struct event *timer; /* of what it waits for */
};

/* --- refusing ---------------------------------------------------------------------------------------------------- */

/* What is said for each limit. */
static const enum session_end limit_ends[] = {
    [LIMIT_CONNECTIONS] = SESSION_END_BUSY,
    [LIMIT_MEMORY] = SESSION_END_FULL,
    [LIMIT_ADDRESS_CONNECTIONS] = SESSION_END_CROWDED,
    [LIMIT_CONNECTION_RATE] = SESSION_END_RATE,
    [LIMIT_NETWORK_CONNECTION_RATE] = SESSION_END_RATE,
};

/* Says why, and closes. */
static void refuse(struct receiver *receiver, struct bufferevent *stream, enum session_end why)
{
    const struct session_link link = {0};
    g_autoptr(Session) session = session_new(&receiver->settings, &link);

    session_end(session, why);
    /* When the socket of a new connection has no room for one line, there is no more to do for it. */
    stream_write(stream, session_output(session)->str, session_output(session)->len);
    stream_close(stream);
}

static void count_refused(struct receiver *receiver, enum limit limit, const struct network_host *host,
                          const char *listener)
{
    receiver->counters.refused[limit]++;
    receiver_hit(receiver, limit, host, listener);
}

static void refuse_for(struct receiver *receiver, const struct listen_config *listener, struct bufferevent *stream,
                       const struct network_host *host, enum limit limit)
{
    count_refused(receiver, limit, host, listener->name);
    refuse(receiver, stream, limit_ends[limit]);
}

static void refuse_early(struct receiver *receiver, const struct listen_config *listener, struct bufferevent *stream,
                         const struct network_host *host)
{
    receiver->counters.early_talkers++;
    record_refused(receiver->record, "early-talker", host, listener->name);
    refuse(receiver, stream, SESSION_END_EARLY);
}

/* --- waiting ----------------------------------------------------------------------------------------------------- */

/* What an arrival waits for. */
struct wait {
    bool entered;
    bufferevent_data_cb on_data;
    event_callback_fn on_time;
};

/* Its stream is given away; else it is closed. */
static void forget(struct arrival *arrival)
{
    g_hash_table_remove(arrival->receiver->arrivals, arrival);
}

void arrival_free(void *data)
{
    struct arrival *arrival = data;

    if (arrival->stream != NULL) {
        if (arrival->entered)
            limits_leave(arrival->receiver->limits, &arrival->host);
        stream_close(arrival->stream);
    }
    event_free(arrival->timer);
    g_free(arrival->listener);
    g_free(arrival);
}

/* NULL when a reload has taken it away: arrival_stop(). */
static const struct listen_config *section_of(const struct arrival *arrival)
{
    const struct listen_config *section = config_listener(arrival->receiver->setup->config, arrival->listener);

    return section != NULL && section->protocol != LISTEN_HTTP ? section : NULL;
}

/* It failed, or the peer has gone. */
static void on_event(struct bufferevent *stream G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    forget(data);
}

static void keep(struct receiver *receiver, const struct listen_config *listener, struct bufferevent *stream,
                 const struct network_host *host, const struct wait *wait, gint64 seconds)
{
    struct timeval timeout = {.tv_sec = seconds};
    struct arrival *arrival = g_new0(struct arrival, 1);

    arrival->receiver = receiver;
    arrival->listener = g_strdup(listener->name);
    arrival->stream = stream;
    arrival->host = *host;
    arrival->entered = wait->entered;
    arrival->timer = evtimer_new(receiver->base, wait->on_time, arrival);
    g_hash_table_add(receiver->arrivals, arrival);
    event_add(arrival->timer, &timeout);
    bufferevent_setcb(stream, wait->on_data, NULL, on_event, arrival);
    bufferevent_setwatermark(stream, EV_READ, 0, INPUT_MAX);
    bufferevent_enable(stream, EV_READ);
}

void arrival_stop(struct arrival *arrival)
{
    if (arrival->entered)
        limits_leave(arrival->receiver->limits, &arrival->host);
    refuse(arrival->receiver, g_steal_pointer(&arrival->stream), SESSION_END_STOPPING);
    forget(arrival);
}

/* --- the greeting that is delayed -------------------------------------------------------------------------------- */

static void on_early(struct bufferevent *stream G_GNUC_UNUSED, void *data)
{
    struct arrival *arrival = data;
    const struct listen_config *listener = section_of(arrival);

    if (listener == NULL) {
        arrival_stop(arrival);
    } else if (!listener->lenient) {
        limits_leave(arrival->receiver->limits, &arrival->host);
        refuse_early(arrival->receiver, listener, g_steal_pointer(&arrival->stream), &arrival->host);
        forget(arrival);
    }
}

static void on_delay(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct arrival *arrival = data;
    const struct listen_config *listener = section_of(arrival);

    if (listener == NULL) {
        arrival_stop(arrival);
        return;
    }
    /* A reload may have made it one that has no limits. */
    if (networks_have(listener->xclient, &arrival->host))
        limits_leave(arrival->receiver->limits, &arrival->host);
    peer_open(arrival->receiver, listener, g_steal_pointer(&arrival->stream), &arrival->host);
    forget(arrival);
}

static const struct wait for_delay = {true, on_early, on_delay};

/* --- who it is that comes is known ------------------------------------------------------------------------------- */

static bool has_talked(struct bufferevent *stream)
{
    char octet;

    return evbuffer_get_length(bufferevent_get_input(stream)) > 0 ||
           recv(bufferevent_getfd(stream), &octet, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* Who speaks for others by XCLIENT has no limits, as a load balancer has none, and is not delayed: they are for whom it
 * names. */
static void welcome_speaker(struct receiver *receiver, const struct listen_config *listener, struct bufferevent *stream,
                            const struct network_host *host)
{
    if (!listener->lenient && has_talked(stream))
        refuse_early(receiver, listener, stream, host);
    else
        peer_open(receiver, listener, stream, host);
}

static void welcome_client(struct receiver *receiver, const struct listen_config *listener, struct bufferevent *stream,
                           const struct network_host *host)
{
    const struct config *config = receiver->setup->config;
    enum limit passed = limits_enter(receiver->limits, config, host, g_get_monotonic_time());

    if (passed != LIMIT_NONE) {
        refuse_for(receiver, listener, stream, host, passed);
    } else if (!listener->lenient && has_talked(stream)) {
        limits_leave(receiver->limits, host);
        refuse_early(receiver, listener, stream, host);
    } else if (config->greeting_delay > 0 && !networks_have(config->rate_exempt, host)) {
        keep(receiver, listener, stream, host, &for_delay, config->greeting_delay);
    } else {
        peer_open(receiver, listener, stream, host);
    }
}

static void welcome(struct receiver *receiver, const struct listen_config *listener, struct bufferevent *stream,
                    const struct network_host *host)
{
    (networks_have(listener->xclient, host) ? welcome_speaker : welcome_client)(receiver, listener, stream, host);
}

/* --- the header of a load balancer ------------------------------------------------------------------------------- */

static void refuse_header(struct arrival *arrival)
{
    arrival->receiver->counters.proxy_headers[COUNTER_BAD]++;
    record_refused(arrival->receiver->record, "proxy-header", &arrival->host, arrival->listener);
    forget(arrival);
}

static void on_header(struct bufferevent *stream, void *data)
{
    struct arrival *arrival = data;
    struct receiver *receiver = arrival->receiver;
    const struct listen_config *listener = section_of(arrival);
    struct evbuffer *input = bufferevent_get_input(stream);
    size_t length = MIN(evbuffer_get_length(input), PROXY_MAX), taken = 0;
    struct network_host host = arrival->host;
    enum proxy_result result = proxy_read((const char *)evbuffer_pullup(input, (ssize_t)length), length, &taken, &host);

    if (result == PROXY_MORE)
        return;
    if (result == PROXY_BAD) {
        refuse_header(arrival);
        return;
    }
    if (listener == NULL) {
        arrival_stop(arrival);
        return;
    }
    receiver->counters.proxy_headers[COUNTER_GOOD]++;
    evbuffer_drain(input, taken);
    arrival->stream = NULL;
    forget(arrival);
    welcome(receiver, listener, stream, &host);
}

static void on_no_header(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    refuse_header(data);
}

static const struct wait for_header = {false, on_header, on_no_header};

/* --- arriving ---------------------------------------------------------------------------------------------------- */

/* The limits of all connections together, whoever they come from; LIMIT_NONE when none is passed. */
static enum limit find_full(const struct receiver *receiver)
{
    const struct config *config = receiver->setup->config;
    gint64 sessions = (gint64)g_hash_table_size(receiver->peers) + g_hash_table_size(receiver->arrivals);

    if (sessions >= config->connections)
        return LIMIT_CONNECTIONS;
    if ((gint64)receiver->held + (sessions + 1) * SESSION_MEMORY > config->memory)
        return LIMIT_MEMORY;
    return LIMIT_NONE;
}

void arrival_again(struct receiver *receiver, struct peer_facts *facts, struct session *session)
{
    const struct network_host *host = session_client(session);
    bool same = network_host_same(host, &facts->host);
    enum limit passed =
        same ? LIMIT_NONE : limits_enter(receiver->limits, receiver->setup->config, host, g_get_monotonic_time());

    if (passed != LIMIT_NONE) {
        count_refused(receiver, passed, host, facts->listener);
        session_end(session, limit_ends[passed]);
        return;
    }
    receiver->counters.xclients++;
    if (!same && !facts->unlimited)
        limits_leave(receiver->limits, &facts->host);
    facts->unlimited = facts->unlimited && same;
    facts->host = *host;
    g_free(facts->name);
    facts->name = network_host_name(host);
    session_greet(session);
}

void arrival_take(struct receiver *receiver, const struct listen_config *listener, int fd,
                  const struct sockaddr *address)
{
    struct bufferevent *stream = stream_new(receiver->base, fd);
    enum limit passed = find_full(receiver);
    struct network_host host;

    network_host_read(&host, address);
    receiver->counters.connections++;
    if (passed != LIMIT_NONE)
        refuse_for(receiver, listener, stream, &host, passed);
    else if (networks_have(listener->proxy, &host))
        keep(receiver, listener, stream, &host, &for_header, receiver->setup->config->idle_timeout);
    else
        welcome(receiver, listener, stream, &host);
}
