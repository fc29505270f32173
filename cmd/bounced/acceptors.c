#include "cmd/bounced/acceptors.h"

#include <errno.h>
#include <event2/listener.h>

#include "cmd/bounced/listener.h"
#include "cmd/bounced/peer.h"
#include "cmd/bounced/stream.h"

/* How often it is said that connections are refused. */
#define REFUSED_EVERY (60 * G_TIME_SPAN_SECOND)

/* One listener in the loop. */
struct acceptor {
    struct acceptors *all;
    const struct listen_config *section; /* of the present config */
    struct evconnlistener *event;
};

struct acceptors {
    struct event_base *base;
    struct receiver *receiver;
    GPtrArray *listeners;
    GArray *each;          /* of struct acceptor */
    struct event *reopen;  /* accepts again after there were no descriptors left */
    gint64 refused_logged; /* monotonic microseconds; 0: never */
    guint64 refused;       /* connections since then */
};

/* `key` of the config, of that `limit`, is why. */
static void log_refused(struct acceptors *acceptors, const struct sockaddr *address, const char *key, gint64 limit)
{
    gint64 now = g_get_monotonic_time();
    g_autofree char *peer = listener_peer_name(address);
    struct journal_entry *entry;

    acceptors->refused++;
    if (acceptors->refused_logged != 0 && now - acceptors->refused_logged < REFUSED_EVERY)
        return;
    entry = journal_begin(acceptors->receiver->journal, LOG_WARNING, "refused");
    journal_text(entry, "peer", peer);
    journal_text(entry, "reason", key);
    journal_number(entry, "limit", limit);
    journal_number(entry, "refused", (gint64)acceptors->refused);
    journal_send(entry);
    acceptors->refused_logged = now;
    acceptors->refused = 0;
}

/* Says 421 on a socket that there is no room for, and closes it. */
static void refuse(const struct acceptor *acceptor, int fd, enum session_end why)
{
    const struct session_link link = {.protocol = acceptor->section->protocol};
    g_autoptr(Session) session = session_new(&acceptor->all->receiver->settings, &link);
    struct bufferevent *stream = stream_new(acceptor->all->base, fd);

    session_end(session, why);
    /* When the socket of a new connection has no room for one line, there is no more to do for it. */
    stream_write(stream, session_output(session)->str, session_output(session)->len);
    stream_close(stream);
}

static void on_accept(struct evconnlistener *event G_GNUC_UNUSED, evutil_socket_t fd, struct sockaddr *peer,
                      int length G_GNUC_UNUSED, void *data)
{
    const struct acceptor *acceptor = data;
    struct receiver *receiver = acceptor->all->receiver;
    const struct config *config = receiver->setup->config;
    g_autofree char *origin = origins_name(peer);

    if (g_hash_table_size(receiver->peers) >= config->connections) {
        refuse(acceptor, fd, SESSION_BUSY);
        log_refused(acceptor->all, peer, "connections", config->connections);
    } else if (origins_count(receiver->origins, origin) >= config->address_connections) {
        refuse(acceptor, fd, SESSION_CROWDED);
        log_refused(acceptor->all, peer, "connections-per-address", config->address_connections);
    } else {
        peer_open(receiver, acceptor->section, fd, peer);
    }
}

static void set_enabled(struct acceptors *acceptors, bool enabled)
{
    for (guint i = 0; i < acceptors->each->len; i++) {
        struct evconnlistener *event = g_array_index(acceptors->each, struct acceptor, i).event;

        if (enabled)
            evconnlistener_enable(event);
        else
            evconnlistener_disable(event);
    }
}

/* Without descriptors the loop would be told again and again of the peer that it cannot accept. */
static void on_accept_error(struct evconnlistener *event G_GNUC_UNUSED, void *data)
{
    static const struct timeval pause = {.tv_sec = 1};
    struct acceptors *acceptors = ((const struct acceptor *)data)->all;
    struct journal_entry *entry = journal_begin(acceptors->receiver->journal, LOG_ALERT, "accept-failed");

    journal_text(entry, "error", g_strerror(errno));
    journal_send(entry);
    set_enabled(acceptors, false);
    event_add(acceptors->reopen, &pause);
}

static void on_reopen(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    set_enabled(data, true);
}

struct acceptors *acceptors_new(struct event_base *base, struct receiver *receiver)
{
    struct acceptors *acceptors = g_new0(struct acceptors, 1);

    acceptors->base = base;
    acceptors->receiver = receiver;
    acceptors->each = g_array_new(FALSE, TRUE, sizeof(struct acceptor));
    acceptors->listeners = g_ptr_array_new();
    acceptors->reopen = evtimer_new(base, on_reopen, acceptors);
    return acceptors;
}

static void stop_all(struct acceptors *acceptors)
{
    for (guint i = 0; i < acceptors->each->len; i++)
        evconnlistener_free(g_array_index(acceptors->each, struct acceptor, i).event);
    g_array_set_size(acceptors->each, 0);
    event_del(acceptors->reopen);
}

void acceptors_free(struct acceptors *acceptors)
{
    if (acceptors == NULL)
        return;
    stop_all(acceptors);
    event_free(acceptors->reopen);
    g_array_unref(acceptors->each);
    g_ptr_array_unref(acceptors->listeners);
    g_free(acceptors);
}

static void log_listening(const struct acceptor *acceptor, const struct listener *listener)
{
    struct journal_entry *entry = journal_begin(acceptor->all->receiver->journal, LOG_NOTICE, "listening");
    g_autofree char *address = listener_address(listener);

    journal_text(entry, "listener", listener->name);
    journal_text(entry, "protocol", listen_protocol_names[acceptor->section->protocol]);
    journal_text(entry, "address", address);
    journal_send(entry);
}

void acceptors_set(struct acceptors *acceptors, GPtrArray *listeners)
{
    g_autoptr(GPtrArray) old = acceptors->listeners;

    stop_all(acceptors);
    acceptors->listeners = g_ptr_array_ref(listeners);
    g_array_set_size(acceptors->each, listeners->len);
    for (guint i = 0; i < listeners->len; i++) {
        struct acceptor *acceptor = &g_array_index(acceptors->each, struct acceptor, i);
        const struct listener *listener = listeners->pdata[i];

        acceptor->all = acceptors;
        acceptor->section = config_listener(acceptors->receiver->setup->config, listener->name);
        acceptor->event =
            evconnlistener_new(acceptors->base, on_accept, acceptor, LEV_OPT_CLOSE_ON_EXEC, 0, listener->fd);
        evconnlistener_set_error_cb(acceptor->event, on_accept_error);
        if (!g_ptr_array_find(old, listener, NULL))
            log_listening(acceptor, listener);
    }
}

GPtrArray *acceptors_listeners(const struct acceptors *acceptors)
{
    return acceptors->listeners;
}
