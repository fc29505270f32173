#include "cmd/bounced/server.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <signal.h>

#include "cmd/bounced/listener.h"
#include "cmd/bounced/peer.h"
#include "cmd/bounced/receiver.h"
#include "cmd/bounced/supervisor.h"

/* How often it is said that connections are refused. */
#define REFUSED_EVERY (60 * G_TIME_SPAN_SECOND)

enum { SIGNAL_COUNT = 3 };

/* One listener in the loop. */
struct acceptor {
    struct server *server;
    const struct listener *listener;
    struct evconnlistener *event;
};

struct server {
    const struct config *config;
    const struct journal *journal;
    struct event_base *base;
    struct receiver *receiver;
    struct supervisor *supervisor;
    GPtrArray *listeners;
    GArray *acceptors; /* of struct acceptor */
    struct event *signals[SIGNAL_COUNT];
    struct event *deadline; /* of a stop */
    struct event *over;     /* looks whether a stop is complete */
    struct event *reopen;   /* accepts again after there were no descriptors left */
    gint64 refused_logged;  /* monotonic microseconds; 0: never */
    guint64 refused;        /* connections since then */
};

/* --- connections ------------------------------------------------------------------------------------------------- */

static void log_refused(struct server *server, const struct sockaddr *address)
{
    gint64 now = g_get_monotonic_time();
    g_autofree char *peer = listener_peer_name(address);
    struct journal_entry *entry;

    server->refused++;
    if (server->refused_logged != 0 && now - server->refused_logged < REFUSED_EVERY)
        return;
    entry = journal_begin(server->journal, LOG_WARNING, "refused");
    journal_text(entry, "peer", peer);
    journal_text(entry, "reason", "connections");
    journal_number(entry, "limit", server->config->connections);
    journal_number(entry, "refused", (gint64)server->refused);
    journal_send(entry);
    server->refused_logged = now;
    server->refused = 0;
}

static void on_accept(struct evconnlistener *event G_GNUC_UNUSED, evutil_socket_t fd, struct sockaddr *peer,
                      int length G_GNUC_UNUSED, void *data)
{
    const struct acceptor *acceptor = data;
    struct server *server = acceptor->server;

    if (g_hash_table_size(server->receiver->peers) < server->config->connections) {
        peer_open(server->receiver, acceptor->listener, fd, peer);
        return;
    }
    peer_refuse(server->receiver, acceptor->listener, fd);
    log_refused(server, peer);
}

static void set_accepting(struct server *server, bool accepting)
{
    for (guint i = 0; i < server->acceptors->len; i++) {
        struct evconnlistener *event = g_array_index(server->acceptors, struct acceptor, i).event;

        if (accepting)
            evconnlistener_enable(event);
        else
            evconnlistener_disable(event);
    }
}

/* Without descriptors the loop would be told again and again of the peer that it cannot accept. */
static void on_accept_error(struct evconnlistener *event G_GNUC_UNUSED, void *data)
{
    static const struct timeval pause = {.tv_sec = 1};
    struct server *server = ((const struct acceptor *)data)->server;
    struct journal_entry *entry = journal_begin(server->journal, LOG_ALERT, "accept-failed");

    journal_text(entry, "error", g_strerror(errno));
    journal_send(entry);
    set_accepting(server, false);
    event_add(server->reopen, &pause);
}

static void on_reopen(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    set_accepting(data, true);
}

static void log_listening(const struct server *server, const struct listener *listener)
{
    struct journal_entry *entry = journal_begin(server->journal, LOG_NOTICE, "listening");
    g_autofree char *address = listener_address(listener);

    journal_text(entry, "listener", listener->config->name);
    journal_text(entry, "protocol", listen_protocol_names[listener->config->protocol]);
    journal_text(entry, "address", address);
    journal_send(entry);
}

static void start_accepting(struct server *server)
{
    g_array_set_size(server->acceptors, server->listeners->len);
    for (guint i = 0; i < server->listeners->len; i++) {
        struct acceptor *acceptor = &g_array_index(server->acceptors, struct acceptor, i);
        const struct listener *listener = server->listeners->pdata[i];

        acceptor->server = server;
        acceptor->listener = listener;
        acceptor->event = evconnlistener_new(server->base, on_accept, acceptor, LEV_OPT_CLOSE_ON_EXEC, 0, listener->fd);
        evconnlistener_set_error_cb(acceptor->event, on_accept_error);
        log_listening(server, listener);
    }
}

static void stop_accepting(struct server *server)
{
    for (guint i = 0; i < server->acceptors->len; i++)
        evconnlistener_free(g_array_index(server->acceptors, struct acceptor, i).event);
    g_array_set_size(server->acceptors, 0);
    event_del(server->reopen);
}

/* --- the end ----------------------------------------------------------------------------------------------------- */

static void on_over(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct server *server = data;

    if (g_hash_table_size(server->receiver->peers) == 0)
        event_base_loopbreak(server->base);
}

static void on_deadline(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct server *server = data;
    struct journal_entry *entry = journal_begin(server->journal, LOG_WARNING, "stop-timeout");

    journal_number(entry, "connections", g_hash_table_size(server->receiver->peers));
    journal_send(entry);
    event_base_loopbreak(server->base);
}

static void stop(struct server *server, int number)
{
    static const struct timeval often = {.tv_usec = 20000};
    struct timeval deadline = {.tv_sec = server->config->stop_timeout};
    struct journal_entry *entry;

    if (server->receiver->stopping) {
        event_base_loopbreak(server->base);
        return;
    }
    entry = journal_begin(server->journal, LOG_NOTICE, "stopping");
    journal_text(entry, "signal", strsignal(number));
    journal_number(entry, "connections", g_hash_table_size(server->receiver->peers));
    journal_send(entry);
    stop_accepting(server);
    g_ptr_array_set_size(server->listeners, 0);
    supervisor_stopping(server->supervisor);
    receiver_stop(server->receiver);
    event_add(server->deadline, &deadline);
    event_add(server->over, &often);
    event_active(server->over, 0, 0);
}

/* --- signals ----------------------------------------------------------------------------------------------------- */

static void reload(struct server *server, int number)
{
    struct journal_entry *entry = journal_begin(server->journal, LOG_NOTICE, "ignored");

    journal_text(entry, "signal", strsignal(number));
    journal_text(entry, "hint", "restart to read the config again");
    journal_send(entry);
}

static const struct {
    int number;
    void (*act)(struct server *server, int number);
} signal_actions[SIGNAL_COUNT] = {
    {SIGTERM, stop},
    {SIGINT, stop},
    {SIGHUP, reload},
};

static void on_signal(evutil_socket_t number, short what G_GNUC_UNUSED, void *data)
{
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (signal_actions[i].number == number)
            signal_actions[i].act(data, number);
    }
}

/* --- its life ---------------------------------------------------------------------------------------------------- */

struct server *server_new(const struct config *config, const struct journal *journal, struct ingest *ingest,
                          GPtrArray *listeners)
{
    struct server *server = g_new0(struct server, 1);

    server->config = config;
    server->journal = journal;
    server->listeners = listeners;
    server->base = event_base_new();
    server->receiver = receiver_new(server->base, config, journal, ingest);
    server->supervisor = supervisor_new(server->base, server->receiver);
    server->acceptors = g_array_new(FALSE, TRUE, sizeof(struct acceptor));
    server->deadline = evtimer_new(server->base, on_deadline, server);
    server->over = event_new(server->base, -1, EV_PERSIST, on_over, server);
    server->reopen = evtimer_new(server->base, on_reopen, server);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        server->signals[i] = evsignal_new(server->base, signal_actions[i].number, on_signal, server);
        event_add(server->signals[i], NULL);
    }
    return server;
}

void server_free(struct server *server)
{
    if (server == NULL)
        return;
    stop_accepting(server);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        event_free(server->signals[i]);
    event_free(server->deadline);
    event_free(server->over);
    event_free(server->reopen);
    supervisor_free(server->supervisor);
    receiver_free(server->receiver);
    g_array_unref(server->acceptors);
    event_base_free(server->base);
    g_free(server);
}

void server_run(struct server *server)
{
    start_accepting(server);
    supervisor_ready(server->supervisor);
    event_base_dispatch(server->base);
    receiver_abandon(server->receiver);
}
