#include "cmd/bounced/server.h"

#include <event2/event.h>
#include <signal.h>
#include <string.h>

#include "cmd/bounced/desk/desk.h"
#include "cmd/bounced/http/http.h"
#include "cmd/bounced/listen/acceptors.h"
#include "cmd/bounced/peers/receiver.h"
#include "cmd/bounced/reload.h"
#include "cmd/bounced/reload_socket.h"
#include "cmd/bounced/supervisor.h"

enum { SIGNAL_COUNT = 3, SERVICE_COUNT = LISTEN_PROTOCOLS };

struct server {
    struct setup *setup;
    const struct journal *journal;
    struct ingest *ingest;
    struct forwards *forwards;
    struct event_base *base;
    struct counters counters;
    struct receiver *receiver;
    struct desk *desk;
    struct http *http;
    struct service services[SERVICE_COUNT];
    struct acceptors *acceptors;
    struct supervisor *supervisor;
    struct reload *reload;
    struct reload_socket *reload_socket;
    struct event *signals[SIGNAL_COUNT];
    struct event *deadline; /* of a stop */
    struct event *over;     /* looks whether a stop is complete */
    bool stopping;
};

/* --- the end ----------------------------------------------------------------------------------------------------- */

static void on_over(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct server *server = data;

    if (receiver_open(server->receiver) == 0)
        event_base_loopbreak(server->base);
}

static void on_deadline(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct server *server = data;
    struct journal_entry *entry = journal_begin(server->journal, LOG_WARNING, "stop-timeout");

    journal_number(entry, "connections", receiver_open(server->receiver));
    journal_send(entry);
    event_base_loopbreak(server->base);
}

static void stop(struct server *server, int number)
{
    static const struct timeval often = {.tv_usec = 20000};
    struct timeval deadline = {.tv_sec = server->setup->config->stop_timeout};
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    struct journal_entry *entry;

    if (server->stopping) {
        event_base_loopbreak(server->base);
        return;
    }
    server->stopping = true;
    entry = journal_begin(server->journal, LOG_NOTICE, "stopping");
    journal_text(entry, "signal", strsignal(number));
    journal_number(entry, "connections", receiver_open(server->receiver));
    journal_send(entry);
    acceptors_set(server->acceptors, server->setup->config, none);
    http_stop(server->http);
    supervisor_stopping(server->supervisor);
    reload_stop(server->reload);
    receiver_stop(server->receiver);
    event_add(server->deadline, &deadline);
    event_add(server->over, &often);
    event_active(server->over, 0, 0);
}

static void reload(struct server *server, int number G_GNUC_UNUSED)
{
    reload_begin(server->reload);
}

/* --- signals ----------------------------------------------------------------------------------------------------- */

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

/* --- services ---------------------------------------------------------------------------------------------------- */

static void take_mail(void *data, const struct listen_config *section, int fd, const struct sockaddr *address)
{
    receiver_take(data, section, fd, address);
}

static void take_question(void *data, const struct listen_config *section, int fd,
                          const struct sockaddr *address G_GNUC_UNUSED)
{
    desk_take(data, section, fd);
}

static void *serve_http(void *data, const struct listen_config *section, int fd)
{
    return http_serve(data, section, fd);
}

static void leave_http(void *data, void *served)
{
    http_leave(data, served);
}

static void fill_services(struct server *server)
{
    const struct service rows[] = {
        {LISTEN_PROTOCOL_SMTP, server->receiver, take_mail, NULL, NULL},
        {LISTEN_PROTOCOL_LMTP, server->receiver, take_mail, NULL, NULL},
        {LISTEN_PROTOCOL_HTTP, server->http, NULL, serve_http, leave_http},
        {LISTEN_PROTOCOL_SOCKETMAP, server->desk, take_question, NULL, NULL},
        {LISTEN_PROTOCOL_POLICY, server->desk, take_question, NULL, NULL},
        {LISTEN_PROTOCOL_TCP_TABLE, server->desk, take_question, NULL, NULL},
        {LISTEN_PROTOCOL_READSOCKET, server->desk, take_question, NULL, NULL},
    };

    G_STATIC_ASSERT(G_N_ELEMENTS(rows) == SERVICE_COUNT);
    memcpy(server->services, rows, sizeof rows);
}

/* --- its life ---------------------------------------------------------------------------------------------------- */

struct server *server_new(const struct server_parts *parts)
{
    struct server *server = g_new0(struct server, 1);

    server->setup = parts->setup;
    server->journal = parts->journal;
    server->ingest = parts->ingest;
    server->forwards = parts->forwards;
    server->base = event_base_new();
    server->receiver = receiver_new(&(const struct receiver_parts){
        .base = server->base,
        .setup = parts->setup,
        .journal = parts->journal,
        .counters = &server->counters,
        .ingest = parts->ingest,
        .forwards = parts->forwards,
        .verifier = parts->verifier,
    });
    server->desk = desk_new(parts->setup->config, parts->journal);
    server->http = http_new(&(const struct http_parts){
        .base = server->base,
        .setup = parts->setup,
        .journal = parts->journal,
        .counters = &server->counters,
        .receiver = server->receiver,
        .desk = server->desk,
        .feeds = parts->feeds,
        .ingest = parts->ingest,
        .key = parts->key,
    });
    fill_services(server);
    server->acceptors = acceptors_new(server->base, server->services, parts->journal, &server->counters);
    server->supervisor = supervisor_new(server->base, &server->counters, server->receiver);
    server->reload = reload_new(&(const struct reload_parts){
        .base = server->base,
        .setup = parts->setup,
        .journal = parts->journal,
        .ingest = parts->ingest,
        .forwards = parts->forwards,
        .verifier = parts->verifier,
        .feeds = parts->feeds,
        .desk = server->desk,
        .http = server->http,
        .receiver = server->receiver,
        .acceptors = server->acceptors,
        .supervisor = server->supervisor,
    });
    server->reload_socket = reload_socket_new(server->base, parts->journal, server->reload);
    server->deadline = evtimer_new(server->base, on_deadline, server);
    server->over = event_new(server->base, -1, EV_PERSIST, on_over, server);
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
    reload_socket_free(server->reload_socket);
    reload_free(server->reload);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        event_free(server->signals[i]);
    event_free(server->deadline);
    event_free(server->over);
    supervisor_free(server->supervisor);
    acceptors_free(server->acceptors);
    http_free(server->http);
    desk_free(server->desk);
    receiver_free(server->receiver);
    event_base_free(server->base);
    g_free(server);
}

void server_run(struct server *server, GPtrArray *listeners)
{
    acceptors_set(server->acceptors, server->setup->config, listeners);
    g_ptr_array_unref(listeners);
    supervisor_ready(server->supervisor);
    event_base_dispatch(server->base);
    receiver_abandon(server->receiver);
}
