#include "cmd/bounced/server.h"

#include <event2/event.h>
#include <signal.h>
#include <string.h>

#include "cmd/bounced/acceptors.h"
#include "cmd/bounced/listener.h"
#include "cmd/bounced/receiver.h"
#include "cmd/bounced/supervisor.h"

enum { SIGNAL_COUNT = 3 };

struct server {
    struct setup *setup;
    const struct journal *journal;
    struct ingest *ingest;
    struct forwarder *forwarder;
    struct event_base *base;
    struct receiver *receiver;
    struct acceptors *acceptors;
    struct supervisor *supervisor;
    struct event *signals[SIGNAL_COUNT];
    struct event *deadline; /* of a stop */
    struct event *over;     /* looks whether a stop is complete */
    struct event *drained;  /* the store has no message of ours: a reload may go on */
    struct setup *fresh;    /* of a reload that waits for that; else NULL */
    GPtrArray *fresh_listeners;
};

/* A reload that waits is off. */
static void forget_fresh(struct server *server)
{
    g_clear_pointer(&server->fresh, setup_free);
    g_clear_pointer(&server->fresh_listeners, g_ptr_array_unref);
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
    struct timeval deadline = {.tv_sec = server->setup->config->stop_timeout};
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    struct journal_entry *entry;

    if (server->receiver->stopping) {
        event_base_loopbreak(server->base);
        return;
    }
    entry = journal_begin(server->journal, LOG_NOTICE, "stopping");
    journal_text(entry, "signal", strsignal(number));
    journal_number(entry, "connections", g_hash_table_size(server->receiver->peers));
    journal_send(entry);
    acceptors_set(server->acceptors, none);
    supervisor_stopping(server->supervisor);
    forget_fresh(server);
    receiver_go_on(server->receiver);
    receiver_stop(server->receiver);
    event_add(server->deadline, &deadline);
    event_add(server->over, &often);
    event_active(server->over, 0, 0);
}

/* --- reload ------------------------------------------------------------------------------------------------------ */

static void refuse_reload(struct server *server, const GError *error)
{
    struct journal_entry *entry = journal_begin(server->journal, LOG_ERR, "reload-refused");

    journal_text(entry, "error", error->message);
    journal_text(entry, "hint", "the old config stays");
    journal_send(entry);
}

/* Reads everything first, so that what is wrong changes nothing; then waits until no message is at work with the old
 * config. Sessions stay: the new config is theirs from their next command on. */
static void reload(struct server *server, int number G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    if (server->receiver->stopping)
        return;
    supervisor_reloading(server->supervisor);
    forget_fresh(server);
    server->fresh = setup_load(server->setup->file, &error);
    if (server->fresh != NULL)
        server->fresh_listeners =
            listener_open_all(server->fresh->config, acceptors_listeners(server->acceptors), &error);
    if (server->fresh_listeners == NULL) {
        refuse_reload(server, error);
        forget_fresh(server);
        receiver_go_on(server->receiver);
        supervisor_reloaded(server->supervisor);
        return;
    }
    receiver_drain(server->receiver, server->drained);
}

/* The store stays open for as long as the daemon runs. */
static void keep_store_path(struct server *server)
{
    char **old = &server->setup->config->store_path, **fresh = &server->fresh->config->store_path;
    struct journal_entry *entry;

    if (strcmp(*old, *fresh) == 0)
        return;
    entry = journal_begin(server->journal, LOG_WARNING, "needs-restart");
    journal_text(entry, "section", "store");
    journal_text(entry, "key", "path");
    journal_text(entry, "used", *old);
    journal_send(entry);
    g_free(*fresh);
    *fresh = g_strdup(*old);
}

static void on_drained(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct server *server = data;
    struct journal_entry *entry;

    /* A later reload, refused, may have set messages going again. */
    if (server->fresh == NULL || ingest_pending(server->ingest) > 0)
        return;
    keep_store_path(server);
    ingest_reload(server->ingest, server->fresh->config, server->fresh->classifier);
    forwarder_reload(server->forwarder, server->fresh->config);
    setup_replace(server->setup, g_steal_pointer(&server->fresh));
    receiver_renew(server->receiver);
    acceptors_set(server->acceptors, server->fresh_listeners);
    forget_fresh(server);
    entry = journal_begin(server->journal, LOG_NOTICE, "reloaded");
    journal_text(entry, "config", server->setup->config->file);
    journal_text(entry, "rules", classifier_version(server->setup->classifier));
    journal_send(entry);
    receiver_go_on(server->receiver);
    supervisor_reloaded(server->supervisor);
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

/* --- its life ---------------------------------------------------------------------------------------------------- */

struct server *server_new(struct setup *setup, const struct journal *journal, struct ingest *ingest,
                          struct forwarder *forwarder)
{
    struct server *server = g_new0(struct server, 1);

    server->setup = setup;
    server->journal = journal;
    server->ingest = ingest;
    server->forwarder = forwarder;
    server->base = event_base_new();
    server->receiver = receiver_new(server->base, setup, journal, ingest, forwarder);
    server->acceptors = acceptors_new(server->base, server->receiver);
    server->supervisor = supervisor_new(server->base, server->receiver);
    server->deadline = evtimer_new(server->base, on_deadline, server);
    server->over = event_new(server->base, -1, EV_PERSIST, on_over, server);
    server->drained = event_new(server->base, -1, 0, on_drained, server);
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
    forget_fresh(server);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        event_free(server->signals[i]);
    event_free(server->deadline);
    event_free(server->over);
    event_free(server->drained);
    supervisor_free(server->supervisor);
    acceptors_free(server->acceptors);
    receiver_free(server->receiver);
    event_base_free(server->base);
    g_free(server);
}

void server_run(struct server *server, GPtrArray *listeners)
{
    acceptors_set(server->acceptors, listeners);
    g_ptr_array_unref(listeners);
    supervisor_ready(server->supervisor);
    event_base_dispatch(server->base);
    receiver_abandon(server->receiver);
}
