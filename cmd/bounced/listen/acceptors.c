#include "cmd/bounced/listen/acceptors.h"

#include <errno.h>
#include <event2/listener.h>

#include "cmd/bounced/listen/listener.h"
#include "cmd/bounced/log/seldom.h"

/* One listener in the loop. */
struct acceptor {
    struct acceptors *all;
    const struct listen_config *section; /* of the present config */
    const struct service *service;
    struct evconnlistener *event; /* NULL: the service accepts by itself */
    void *served;                 /* by such a one */
};

struct acceptors {
    struct event_base *base;
    const struct service *services;
    const struct journal *journal;
    struct counters *counters;
    GPtrArray *listeners;
    GArray *each;         /* of struct acceptor */
    struct event *reopen; /* accepts again after there were no descriptors left */
    struct seldom alert;
};

static void on_accept(struct evconnlistener *event G_GNUC_UNUSED, evutil_socket_t fd, struct sockaddr *peer,
                      int length G_GNUC_UNUSED, void *data)
{
    const struct acceptor *acceptor = data;

    acceptor->service->take(acceptor->service->data, acceptor->section, fd, peer);
}

static void for_each(struct acceptors *acceptors, int (*act)(struct evconnlistener *event))
{
    for (guint i = 0; i < acceptors->each->len; i++) {
        const struct acceptor *acceptor = &g_array_index(acceptors->each, struct acceptor, i);

        if (acceptor->event != NULL)
            act(acceptor->event);
    }
}

/* Without descriptors the loop would be told again and again of the peer that it cannot accept. */
static void on_accept_error(struct evconnlistener *event G_GNUC_UNUSED, void *data)
{
    static const struct timeval pause = {.tv_sec = 1};
    struct acceptors *acceptors = ((const struct acceptor *)data)->all;
    const char *problem = g_strerror(errno);

    if (seldom_due(&acceptors->alert, g_get_monotonic_time())) {
        struct journal_entry *entry = journal_begin(acceptors->journal, LOG_ALERT, "accept-failed");

        journal_text(entry, "error", problem);
        journal_send(entry);
    }
    acceptors->counters->accept_failures++;
    for_each(acceptors, evconnlistener_disable);
    event_add(acceptors->reopen, &pause);
}

static void on_reopen(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    for_each(data, evconnlistener_enable);
}

struct acceptors *acceptors_new(struct event_base *base, const struct service *services, const struct journal *journal,
                                struct counters *counters)
{
    struct acceptors *acceptors = g_new0(struct acceptors, 1);

    acceptors->base = base;
    acceptors->services = services;
    acceptors->journal = journal;
    acceptors->counters = counters;
    acceptors->alert.period = SELDOM_MINUTE;
    acceptors->each = g_array_new(FALSE, TRUE, sizeof(struct acceptor));
    acceptors->listeners = g_ptr_array_new();
    acceptors->reopen = evtimer_new(base, on_reopen, acceptors);
    return acceptors;
}

static void stop_all(struct acceptors *acceptors)
{
    for (guint i = 0; i < acceptors->each->len; i++) {
        const struct acceptor *acceptor = &g_array_index(acceptors->each, struct acceptor, i);

        if (acceptor->event != NULL)
            evconnlistener_free(acceptor->event);
        else
            acceptor->service->leave(acceptor->service->data, acceptor->served);
    }
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
    struct journal_entry *entry = journal_begin(acceptor->all->journal, LOG_NOTICE, "listening");
    g_autofree char *address = listener_address(listener);

    journal_text(entry, "listener", listener->name);
    journal_text(entry, "protocol", listen_protocol_names[acceptor->section->protocol]);
    journal_text(entry, "address", address);
    journal_send(entry);
}

static void start(struct acceptor *acceptor, const struct config *config, const struct listener *listener)
{
    const struct acceptors *all = acceptor->all;

    acceptor->section = config_listener(config, listener->name);
    acceptor->service = &all->services[acceptor->section->protocol];
    g_assert(acceptor->service->protocol == acceptor->section->protocol);
    acceptor->event = NULL;
    if (acceptor->service->take == NULL) {
        acceptor->served = acceptor->service->serve(acceptor->service->data, acceptor->section, listener->fd);
        return;
    }
    acceptor->event = evconnlistener_new(all->base, on_accept, acceptor, LEV_OPT_CLOSE_ON_EXEC, 0, listener->fd);
    evconnlistener_set_error_cb(acceptor->event, on_accept_error);
}

void acceptors_set(struct acceptors *acceptors, const struct config *config, GPtrArray *listeners)
{
    g_autoptr(GPtrArray) old = acceptors->listeners;

    stop_all(acceptors);
    acceptors->listeners = g_ptr_array_ref(listeners);
    g_array_set_size(acceptors->each, listeners->len);
    for (guint i = 0; i < listeners->len; i++) {
        struct acceptor *acceptor = &g_array_index(acceptors->each, struct acceptor, i);

        acceptor->all = acceptors;
        start(acceptor, config, listeners->pdata[i]);
        if (!g_ptr_array_find(old, listeners->pdata[i], NULL))
            log_listening(acceptor, listeners->pdata[i]);
    }
}

GPtrArray *acceptors_listeners(const struct acceptors *acceptors)
{
    return acceptors->listeners;
}
