#include "cmd/bounced/listen/acceptors.h"

#include <errno.h>
#include <event2/listener.h>

#include "cmd/bounced/http/http.h"
#include "cmd/bounced/listen/listener.h"
#include "cmd/bounced/peers/arrival.h"

/* How often it is said that there are no descriptors. */
#define ALERT_EVERY (60 * G_TIME_SPAN_SECOND)

/* One listener in the loop. */
struct acceptor {
    struct acceptors *all;
    const struct listen_config *section; /* of the present config */
    struct evconnlistener *event;
    struct evhttp_bound_socket *http; /* NULL: for mail */
};

struct acceptors {
    struct event_base *base;
    struct receiver *receiver;
    struct http *http;
    GPtrArray *listeners;
    GArray *each;         /* of struct acceptor */
    struct event *reopen; /* accepts again after there were no descriptors left */
    gint64 alerted;       /* when that was last said aloud; monotonic microseconds */
};

static void on_accept(struct evconnlistener *event G_GNUC_UNUSED, evutil_socket_t fd, struct sockaddr *peer,
                      int length G_GNUC_UNUSED, void *data)
{
    const struct acceptor *acceptor = data;

    arrival_take(acceptor->all->receiver, acceptor->section, fd, peer);
}

/* Those for mail: http.c sees to its own. */
static void set_enabled(struct acceptors *acceptors, bool enabled)
{
    for (guint i = 0; i < acceptors->each->len; i++) {
        const struct acceptor *acceptor = &g_array_index(acceptors->each, struct acceptor, i);

        if (acceptor->http != NULL)
            continue;
        if (enabled)
            evconnlistener_enable(acceptor->event);
        else
            evconnlistener_disable(acceptor->event);
    }
}

/* Without descriptors the loop would be told again and again of the peer that it cannot accept. */
static void on_accept_error(struct evconnlistener *event G_GNUC_UNUSED, void *data)
{
    static const struct timeval pause = {.tv_sec = 1};
    struct acceptors *acceptors = ((const struct acceptor *)data)->all;
    const char *problem = g_strerror(errno);
    gint64 now = g_get_monotonic_time();

    if (acceptors->alerted == 0 || now - acceptors->alerted >= ALERT_EVERY) {
        struct journal_entry *entry = journal_begin(acceptors->receiver->journal, LOG_ALERT, "accept-failed");

        journal_text(entry, "error", problem);
        journal_send(entry);
        acceptors->alerted = now;
    }
    acceptors->receiver->counters.accept_failures++;
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
    acceptors->http = http_new(base, receiver);
    acceptors->each = g_array_new(FALSE, TRUE, sizeof(struct acceptor));
    acceptors->listeners = g_ptr_array_new();
    acceptors->reopen = evtimer_new(base, on_reopen, acceptors);
    return acceptors;
}

static void stop_all(struct acceptors *acceptors)
{
    for (guint i = 0; i < acceptors->each->len; i++) {
        const struct acceptor *acceptor = &g_array_index(acceptors->each, struct acceptor, i);

        if (acceptor->http != NULL)
            http_leave(acceptors->http, acceptor->http);
        else
            evconnlistener_free(acceptor->event);
    }
    g_array_set_size(acceptors->each, 0);
    event_del(acceptors->reopen);
}

void acceptors_free(struct acceptors *acceptors)
{
    if (acceptors == NULL)
        return;
    stop_all(acceptors);
    http_free(acceptors->http);
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
        if (acceptor->section->protocol == LISTEN_HTTP)
            acceptor->http = http_serve(acceptors->http, acceptor->event);
        else
            evconnlistener_set_error_cb(acceptor->event, on_accept_error);
        if (!g_ptr_array_find(old, listener, NULL))
            log_listening(acceptor, listener);
    }
}

GPtrArray *acceptors_listeners(const struct acceptors *acceptors)
{
    return acceptors->listeners;
}
