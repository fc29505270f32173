#include "cmd/bounced/http/http.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <stdbool.h>
#include <string.h>

#include "cmd/bounced/http/metrics.h"

/* A request has no body, and a header of so much; a connection that is silent for so long is closed. */
enum { HEADER_MAX = 8192, TIMEOUT = 10 /* seconds */ };

struct http {
    struct evhttp *server;
    struct counters *counters;
    const struct receiver *receiver;
    const struct desk *desk;
    struct feeds *feeds;
    struct event *reopen;   /* enables listeners that have been full, or had no descriptors left, once a second */
    GPtrArray *connections; /* of struct bufferevent *: HTTP_CONNECTIONS at most */
    bool full;              /* there were so many a second ago, and none has come since */
};

static void send_metrics(const struct http *http, struct evhttp_request *request)
{
    g_autoptr(GString) text = g_string_new(NULL);
    struct gauges gauges;

    receiver_read_gauges(http->receiver, &gauges);
    desk_count(http->desk, http->counters);
    metrics_write(text, http->counters, &gauges);
    feeds_expose(http->feeds, text);
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type", EXPOSITION_CONTENT_TYPE);
    evbuffer_add(evhttp_request_get_output_buffer(request), text->str, text->len);
    evhttp_send_reply(request, HTTP_OK, NULL, NULL);
}

const struct http_route http_routes[] = {
    {"/metrics", send_metrics},
    {NULL, NULL},
};

static const struct http_route *find_route(struct evhttp_request *request)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *path = uri != NULL ? evhttp_uri_get_path(uri) : NULL;

    for (const struct http_route *route = http_routes; route->path != NULL && path != NULL; route++) {
        if (strcmp(route->path, path) == 0)
            return route;
    }
    return NULL;
}

static void on_request(struct evhttp_request *request, void *data)
{
    const struct http *http = data;
    const struct http_route *route = find_route(request);

    if (route == NULL) {
        evhttp_send_error(request, HTTP_NOTFOUND, NULL);
    } else if ((evhttp_request_get_command(request) & (EVHTTP_REQ_GET | EVHTTP_REQ_HEAD)) == 0) {
        evhttp_add_header(evhttp_request_get_output_headers(request), "Allow", "GET, HEAD");
        evhttp_send_reply(request, HTTP_BADMETHOD, NULL, NULL);
    } else {
        route->send(http, request);
    }
}

/* evhttp takes the listener's own data for itself, so that this cannot know whose it is. */
static void on_accept_error(struct evconnlistener *listener, void *server G_GNUC_UNUSED)
{
    evconnlistener_disable(listener);
}

/* --- so many connections ----------------------------------------------------------------------------------------- */

static void let_go(void *connection)
{
    bufferevent_decref(connection);
}

/* evhttp tells of a connection's end only when a request came before. So each is held here, until it has no user any
 * more; its socket is closed then. */
static void forget_ended(struct http *http)
{
    for (guint i = http->connections->len; i-- > 0;) {
        void *user;

        bufferevent_getcb(http->connections->pdata[i], NULL, NULL, NULL, &user);
        if (user == NULL)
            g_ptr_array_remove_index_fast(http->connections, i);
    }
}

/* Those that are idle, or still send their request, after a second have to go when others may wait: they can come
 * again, and a scrape must not wait for peers that say nothing. */
static void close_idle(struct http *http)
{
    for (guint i = 0; i < http->connections->len; i++) {
        struct bufferevent *connection = http->connections->pdata[i];
        void *user;

        bufferevent_getcb(connection, NULL, NULL, NULL, &user);
        if (user != NULL && evbuffer_get_length(bufferevent_get_output(connection)) == 0)
            evhttp_connection_free(user);
    }
    forget_ended(http);
}

/* A client that comes when there is no room waits in the kernel. */
static void set_one(struct evhttp_bound_socket *served, void *data)
{
    const struct http *http = data;
    struct evconnlistener *listener = evhttp_bound_socket_get_listener(served);

    if (http->connections->len < HTTP_CONNECTIONS)
        evconnlistener_enable(listener);
    else
        evconnlistener_disable(listener);
}

static void on_reopen(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct http *http = data;

    forget_ended(http);
    if (http->full && http->connections->len == HTTP_CONNECTIONS)
        close_idle(http);
    http->full = http->connections->len == HTTP_CONNECTIONS;
    evhttp_foreach_bound_socket(http->server, set_one, http);
}

/* evhttp wants one for a connection that it has accepted. */
static struct bufferevent *on_connection(struct event_base *base, void *data)
{
    struct http *http = data;
    struct bufferevent *connection = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);

    forget_ended(http);
    bufferevent_incref(connection);
    g_ptr_array_add(http->connections, connection);
    evhttp_foreach_bound_socket(http->server, set_one, http);
    return connection;
}

/* --- its life ---------------------------------------------------------------------------------------------------- */

struct http *http_new(struct event_base *base, struct counters *counters, const struct receiver *receiver,
                      const struct desk *desk, struct feeds *feeds)
{
    struct http *http = g_new0(struct http, 1);

    http->counters = counters;
    http->receiver = receiver;
    http->desk = desk;
    http->feeds = feeds;
    http->server = evhttp_new(base);
    http->reopen = event_new(base, -1, EV_PERSIST, on_reopen, http);
    http->connections = g_ptr_array_new_with_free_func(let_go);
    evhttp_set_bevcb(http->server, on_connection, http);
    evhttp_set_gencb(http->server, on_request, http);
    evhttp_set_max_headers_size(http->server, HEADER_MAX);
    evhttp_set_max_body_size(http->server, 0);
    evhttp_set_timeout(http->server, TIMEOUT);
    /* All, so that they get a 405 from us. */
    evhttp_set_allowed_methods(http->server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST | EVHTTP_REQ_PUT |
                                                 EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PATCH);
    return http;
}

void http_free(struct http *http)
{
    if (http == NULL)
        return;
    evhttp_free(http->server);
    g_ptr_array_unref(http->connections);
    event_free(http->reopen);
    g_free(http);
}

struct evhttp_bound_socket *http_serve(struct http *http, struct evconnlistener *listener)
{
    static const struct timeval second = {.tv_sec = 1};

    evconnlistener_set_error_cb(listener, on_accept_error);
    event_add(http->reopen, &second);
    return evhttp_bind_listener(http->server, listener);
}

void http_leave(struct http *http, struct evhttp_bound_socket *served)
{
    evhttp_del_accept_socket(http->server, served);
}
