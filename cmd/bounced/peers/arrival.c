#include "cmd/bounced/peers/arrival.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "cmd/bounced/peers/peer.h"
#include "cmd/bounced/peers/stream.h"
#include "cmd/bounced/smtp/proxy.h"
#include "cmd/bounced/smtp/session.h"

/* Input before the greeting: beyond this the socket is not read. */
enum { INPUT_MAX = PROXY_MAX };

struct arrival {
    struct peers *peers;
    char *listener; /* its name: a reload may replace the section meanwhile */
    enum listen_protocol protocol;
    struct bufferevent *stream;
    struct network_host host;
    bool entered;        /* it has, peers->limits */
    struct event *timer; /* of what it waits for */
};

/* --- refusing ---------------------------------------------------------------------------------------------------- */

/* Says why, and closes. */
static void refuse(struct peers *peers, struct bufferevent *stream, enum session_end why)
{
    const struct session_link link = {0};
    g_autoptr(Session) session = session_new(&peers->settings, &link);

    session_end(session, why);
    /* When the socket of a new connection has no room for one line, there is no more to do for it. */
    stream_write(stream, session_output(session)->str, session_output(session)->len);
    stream_close(stream);
}

static void refuse_for(struct peers *peers, const struct listen_config *listener, struct bufferevent *stream,
                       const struct network_host *host, enum limit limit)
{
    refuse(peers, stream, peers_refuse(peers, limit, host, listener->name));
}

static void refuse_early(struct peers *peers, const struct listen_config *listener, struct bufferevent *stream,
                         const struct network_host *host)
{
    peers->counters->early_talkers++;
    record_refused(peers->record, "early-talker", host, listener->name);
    refuse(peers, stream, SESSION_END_EARLY);
}

/* --- waiting ----------------------------------------------------------------------------------------------------- */

/* A reason to wait. */
struct wait {
    bool entered;
    bufferevent_data_cb on_data;
    event_callback_fn on_time;
};

/* Its stream is given away; else it is closed. */
static void forget(struct arrival *arrival)
{
    g_hash_table_remove(arrival->peers->arrivals, arrival);
}

void arrival_free(void *data)
{
    struct arrival *arrival = data;

    if (arrival->stream != NULL) {
        if (arrival->entered)
            limits_leave(arrival->peers->limits, &arrival->host);
        stream_close(arrival->stream);
    }
    event_free(arrival->timer);
    g_free(arrival->listener);
    g_free(arrival);
}

/* NULL when a reload has taken it away, or gave it another protocol: arrival_stop(). */
static const struct listen_config *section_of(const struct arrival *arrival)
{
    const struct listen_config *section = config_listener(arrival->peers->setup->config, arrival->listener);

    return section != NULL && section->protocol == arrival->protocol ? section : NULL;
}

/* It failed, or the peer has gone. */
static void on_event(struct bufferevent *stream G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    forget(data);
}

static void keep(struct peers *peers, const struct listen_config *listener, struct bufferevent *stream,
                 const struct network_host *host, const struct wait *wait, gint64 seconds)
{
    struct timeval timeout = {.tv_sec = seconds};
    struct arrival *arrival = g_new0(struct arrival, 1);

    arrival->peers = peers;
    arrival->listener = g_strdup(listener->name);
    arrival->protocol = listener->protocol;
    arrival->stream = stream;
    arrival->host = *host;
    arrival->entered = wait->entered;
    arrival->timer = evtimer_new(peers->base, wait->on_time, arrival);
    g_hash_table_add(peers->arrivals, arrival);
    event_add(arrival->timer, &timeout);
    bufferevent_setcb(stream, wait->on_data, NULL, on_event, arrival);
    bufferevent_setwatermark(stream, EV_READ, 0, INPUT_MAX);
    bufferevent_enable(stream, EV_READ);
}

void arrival_stop(struct arrival *arrival)
{
    if (arrival->entered)
        limits_leave(arrival->peers->limits, &arrival->host);
    refuse(arrival->peers, g_steal_pointer(&arrival->stream), SESSION_END_STOPPING);
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
        limits_leave(arrival->peers->limits, &arrival->host);
        refuse_early(arrival->peers, listener, g_steal_pointer(&arrival->stream), &arrival->host);
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
        limits_leave(arrival->peers->limits, &arrival->host);
    peer_open(arrival->peers, listener, g_steal_pointer(&arrival->stream), &arrival->host);
    forget(arrival);
}

static const struct wait for_delay = {true, on_early, on_delay};

/* --- the client is known ------------------------------------------------------------------------------- */

static bool has_talked(struct bufferevent *stream)
{
    char octet;

    return evbuffer_get_length(bufferevent_get_input(stream)) > 0 ||
           recv(bufferevent_getfd(stream), &octet, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* A client trusted with XCLIENT is neither limited nor delayed; the limits apply to the client it names. */
static void welcome_trusted(struct peers *peers, const struct listen_config *listener, struct bufferevent *stream,
                            const struct network_host *host)
{
    if (!listener->lenient && has_talked(stream))
        refuse_early(peers, listener, stream, host);
    else
        peer_open(peers, listener, stream, host);
}

static void welcome_client(struct peers *peers, const struct listen_config *listener, struct bufferevent *stream,
                           const struct network_host *host)
{
    const struct config *config = peers->setup->config;
    enum limit passed = limits_enter(peers->limits, config, host, g_get_monotonic_time());

    if (passed != LIMIT_NONE) {
        refuse_for(peers, listener, stream, host, passed);
    } else if (!listener->lenient && has_talked(stream)) {
        limits_leave(peers->limits, host);
        refuse_early(peers, listener, stream, host);
    } else if (config->greeting_delay > 0 && !networks_have(config->rate_exempt, host)) {
        keep(peers, listener, stream, host, &for_delay, config->greeting_delay);
    } else {
        peer_open(peers, listener, stream, host);
    }
}

static void welcome(struct peers *peers, const struct listen_config *listener, struct bufferevent *stream,
                    const struct network_host *host)
{
    (networks_have(listener->xclient, host) ? welcome_trusted : welcome_client)(peers, listener, stream, host);
}

/* --- the header of a load balancer ------------------------------------------------------------------------------- */

static void refuse_header(struct arrival *arrival)
{
    arrival->peers->counters->proxy_headers[COUNTER_RESULT_BAD]++;
    record_refused(arrival->peers->record, "proxy-header", &arrival->host, arrival->listener);
    forget(arrival);
}

static void on_header(struct bufferevent *stream, void *data)
{
    struct arrival *arrival = data;
    struct peers *peers = arrival->peers;
    const struct listen_config *listener = section_of(arrival);
    struct evbuffer *input = bufferevent_get_input(stream);
    size_t length = MIN(evbuffer_get_length(input), PROXY_MAX), taken = 0;
    struct network_host host = arrival->host;
    enum proxy_result result = proxy_read((const char *)evbuffer_pullup(input, (ssize_t)length), length, &taken, &host);

    if (result == PROXY_RESULT_MORE)
        return;
    if (result == PROXY_RESULT_BAD) {
        refuse_header(arrival);
        return;
    }
    if (listener == NULL) {
        arrival_stop(arrival);
        return;
    }
    peers->counters->proxy_headers[COUNTER_RESULT_GOOD]++;
    evbuffer_drain(input, taken);
    arrival->stream = NULL;
    forget(arrival);
    welcome(peers, listener, stream, &host);
}

static void on_no_header(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    refuse_header(data);
}

static const struct wait for_header = {false, on_header, on_no_header};

/* --- arriving ---------------------------------------------------------------------------------------------------- */

void arrival_take(struct peers *peers, const struct listen_config *listener, int fd, const struct sockaddr *address)
{
    struct bufferevent *stream = stream_new(peers->base, fd);
    enum limit passed = peers_find_full(peers);
    struct network_host host;

    network_host_read(&host, address);
    peers->counters->connections++;
    if (passed != LIMIT_NONE)
        refuse_for(peers, listener, stream, &host, passed);
    else if (networks_have(listener->proxy, &host))
        keep(peers, listener, stream, &host, &for_header, peers->setup->config->idle_timeout);
    else
        welcome(peers, listener, stream, &host);
}
