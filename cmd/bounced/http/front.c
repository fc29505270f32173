#include "cmd/bounced/http/front.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd/bounced/http/connections.h"
#include "cmd/bounced/http/http_body.h"

enum {
    HEADER_MAX = 16384,   /* octets of a request's header */
    BODY_MAX = 101 << 20, /* octets; routes take less */
    LOST = 30,            /* seconds that what is sent may stay without an acknowledgement by TCP */
    KEPT = 128 << 10,     /* octets that are sent, and not acknowledged */
};

/* One [listen NAME]. */
struct http_site {
    struct front *front;
    char *name;
    unsigned services;
    SSL_CTX *tls;
    struct evhttp *server;
    struct evhttp_bound_socket *bound; /* NULL: it is closed */
};

struct front {
    struct event_base *base;
    struct front_watcher watcher;
    GPtrArray *sites;     /* of struct http_site * */
    struct event *reopen; /* enables listeners that have been full, or had no descriptors left, once a second */
    struct connections *connections;
    bool full; /* there were so many a second ago, and none has come since */
};

/* --- connections -------------------------------------------------------------------------------------------------- */

/* A client that comes when there is no room waits in the kernel. */
static void set_sites(struct front *front)
{
    bool full = connections_full(front->connections);

    for (guint i = 0; i < front->sites->len; i++) {
        const struct http_site *site = front->sites->pdata[i];

        if (site->bound == NULL)
            continue;
        struct evconnlistener *listener = evhttp_bound_socket_get_listener(site->bound);
        if (full)
            evconnlistener_disable(listener);
        else
            evconnlistener_enable(listener);
    }
}

/* Idle clients have a second when others may wait. */
static void on_reopen(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct front *front = data;

    connections_forget_ended(front->connections);
    if (front->full && connections_full(front->connections))
        connections_close_idle(front->connections);
    front->full = connections_full(front->connections);
    set_sites(front);
}

/* evhttp wants one for a connection that it has accepted. */
static struct bufferevent *on_connection(struct event_base *base G_GNUC_UNUSED, void *data)
{
    const struct http_site *site = data;
    struct bufferevent *stream = connections_add(site->front->connections, site->tls)->stream;

    set_sites(site->front);
    return stream;
}

/* --- requests ----------------------------------------------------------------------------------------------------- */

static const struct {
    enum evhttp_cmd_type command;
    enum http_method method;
} methods[] = {
    {EVHTTP_REQ_GET, HTTP_METHOD_GET}, {EVHTTP_REQ_HEAD, HTTP_METHOD_GET},      {EVHTTP_REQ_POST, HTTP_METHOD_POST},
    {EVHTTP_REQ_PUT, HTTP_METHOD_PUT}, {EVHTTP_REQ_DELETE, HTTP_METHOD_DELETE},
};

static enum http_method method_of(struct evhttp_request *request)
{
    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
        if (methods[i].command == evhttp_request_get_command(request))
            return methods[i].method;
    }
    return HTTP_METHOD_OTHER;
}

/* evhttp takes the first of several, where a proxy may have taken the last (RFC 9112, section 6.3). */
static bool has_one_length(struct evhttp_request *wire)
{
    const struct evkeyvalq *fields = evhttp_request_get_input_headers(wire);
    unsigned lengths = 0;

    for (const struct evkeyval *field = fields->tqh_first; field != NULL; field = field->next.tqe_next)
        lengths += g_ascii_strcasecmp(field->key, "Content-Length") == 0 ||
                   g_ascii_strcasecmp(field->key, "Transfer-Encoding") == 0;
    return lengths <= 1;
}

static void read_request(struct evhttp_request *wire, struct http_call *call)
{
    call->request.method = method_of(wire);
    if (http_request_read_uri(&call->request, evhttp_request_get_uri(wire), &call->problem))
        call->problem = NULL;
    if (!has_one_length(wire))
        call->problem = "the length of the body is told more than once";
    for (size_t i = 0; i < HTTP_FIELDS; i++)
        call->request.fields[i] =
            g_strdup(evhttp_find_header(evhttp_request_get_input_headers(wire), http_field_names[i]));
    call->request.body = g_string_new(NULL);
    http_body_keep(call, evhttp_request_get_input_buffer(wire));
}

static void on_close(struct evhttp_connection *wire G_GNUC_UNUSED, void *data)
{
    struct connection *connection = data;

    if (connection->call == NULL)
        return;
    /* evhttp leaves a request to us that it has taken off its connection. */
    if (evhttp_request_get_connection(connection->call->wire) == NULL)
        evhttp_request_free(connection->call->wire);
    connection->call->wire = NULL;
    connection->call = NULL;
}

static struct connection *connection_of(const struct front *front, struct evhttp_request *wire)
{
    return connections_find(front->connections, evhttp_connection_get_bufferevent(evhttp_request_get_connection(wire)));
}

static void on_request(struct evhttp_request *wire, void *data)
{
    struct http_site *site = data;
    struct connection *connection = connection_of(site->front, wire);
    struct http_call *call = http_call_new(site->front, wire);
    char *client = NULL;
    ev_uint16_t port;

    connections_begin(connection, call);
    evhttp_connection_set_closecb(evhttp_request_get_connection(wire), on_close, connection);
    read_request(wire, call);
    evhttp_connection_get_peer(evhttp_request_get_connection(wire), &client, &port);
    call->listener = g_strdup(site->name);
    call->client = g_strdup(client != NULL && *client != '\0' ? client : "unix");
    site->front->watcher.take(site->front->watcher.data, call, site->services);
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static void set_head(struct http_call *call)
{
    struct evkeyvalq *head = evhttp_request_get_output_headers(call->wire);
    const struct front *front = call->front;

    front->watcher.answered(front->watcher.data, call);
    if (call->answer.type != NULL)
        evhttp_add_header(head, "Content-Type", call->answer.type);
    evhttp_add_header(head, "Cache-Control", "no-store");
    evhttp_add_header(head, "X-Content-Type-Options", "nosniff");
    for (guint i = 0; i < call->answer.fields->len; i++) {
        const struct http_answer_field *field = &g_array_index(call->answer.fields, struct http_answer_field, i);
        evhttp_add_header(head, field->name, field->value);
    }
}

static void forget_call(struct http_call *call)
{
    connections_end(connection_of(call->front, call->wire));
    call->wire = NULL;
}

void front_answer(struct http_call *call)
{
    struct evhttp_request *wire = call->wire;

    if (wire == NULL)
        return;
    set_head(call);
    forget_call(call);
    evbuffer_add(evhttp_request_get_output_buffer(wire), call->answer.body->str, call->answer.body->len);
    evhttp_send_reply(wire, (int)call->answer.status, NULL, NULL);
}

void front_watch(struct http_call *call)
{
    if (call->wire != NULL)
        connections_watch(connection_of(call->front, call->wire));
}

bool front_wants_head(const struct http_call *call)
{
    return call->wire != NULL && evhttp_request_get_command(call->wire) == EVHTTP_REQ_HEAD;
}

static void on_taken(struct evhttp_connection *wire G_GNUC_UNUSED, void *data)
{
    struct http_call *call = data;
    const struct front *front = call->front;

    front->watcher.taken(front->watcher.data, call);
}

void front_send(struct http_call *call, const GString *piece)
{
    struct evbuffer *buffer;

    if (call->wire == NULL)
        return;
    buffer = evbuffer_new();
    evbuffer_add(buffer, piece->str, piece->len);
    evhttp_send_reply_chunk_with_cb(call->wire, buffer, on_taken, call);
    evbuffer_free(buffer);
}

/* Of one who waits for what comes, and may be silent for days: that it is gone without a word, as when its power fails,
 * is found out, and the kernel keeps little of what it does not take. Of a UNIX socket the first fails, and is not
 * needed. */
static void bound(const struct http_call *call)
{
    const unsigned lost = LOST * 1000, kept = KEPT;
    struct evhttp_connection *connection = evhttp_request_get_connection(call->wire);
    int fd = bufferevent_getfd(evhttp_connection_get_bufferevent(connection));

    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &lost, sizeof lost);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kept, sizeof kept);
}

void front_begin(struct http_call *call)
{
    if (call->wire == NULL)
        return;
    set_head(call);
    if (call->patience != 0)
        bound(call);
    evhttp_send_reply_start(call->wire, (int)call->answer.status, NULL);
}

void front_end(struct http_call *call)
{
    struct evhttp_request *wire = call->wire;

    if (wire == NULL)
        return;
    forget_call(call);
    evhttp_send_reply_end(wire);
}

void front_break(struct http_call *call)
{
    struct evhttp_request *wire = call->wire;

    if (wire == NULL)
        return;
    forget_call(call);
    evhttp_connection_free(evhttp_request_get_connection(wire));
}

bool front_unsent(const struct front *front)
{
    return connections_unsent(front->connections);
}

/* --- its life ---------------------------------------------------------------------------------------------------- */

static void free_site(void *data)
{
    struct http_site *site = data;

    evhttp_free(site->server);
    if (site->tls != NULL)
        SSL_CTX_free(site->tls);
    g_free(site->name);
    g_free(site);
}

struct front *front_new(struct event_base *base, const struct front_watcher *watcher)
{
    static const struct timeval second = {.tv_sec = 1};
    struct front *front = g_new0(struct front, 1);

    front->base = base;
    front->watcher = *watcher;
    front->sites = g_ptr_array_new_with_free_func(free_site);
    front->connections = connections_new(base);
    front->reopen = event_new(base, -1, EV_PERSIST, on_reopen, front);
    event_add(front->reopen, &second);
    return front;
}

void front_free(struct front *front)
{
    if (front == NULL)
        return;
    g_ptr_array_unref(front->sites);
    connections_free(front->connections);
    event_free(front->reopen);
    g_free(front);
}

/* evhttp takes the listener's own data for itself, so that this cannot know whose it is. */
static void on_accept_error(struct evconnlistener *listener, void *server G_GNUC_UNUSED)
{
    evconnlistener_disable(listener);
}

static struct http_site *make_site(struct front *front, const char *name)
{
    struct http_site *site = g_new0(struct http_site, 1);

    site->front = front;
    site->name = g_strdup(name);
    site->server = evhttp_new(front->base);
    evhttp_set_bevcb(site->server, on_connection, site);
    evhttp_set_gencb(site->server, on_request, site);
    evhttp_set_max_headers_size(site->server, HEADER_MAX);
    evhttp_set_max_body_size(site->server, BODY_MAX);
    evhttp_set_timeout(site->server, HTTP_SILENCE);
    /* All, so that they get a 405 from us. */
    evhttp_set_allowed_methods(site->server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST | EVHTTP_REQ_PUT |
                                                 EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PATCH);
    g_ptr_array_add(front->sites, site);
    return site;
}

static struct http_site *find_site(struct front *front, const char *name)
{
    for (guint i = 0; i < front->sites->len; i++) {
        struct http_site *site = front->sites->pdata[i];

        if (site->bound == NULL && strcmp(site->name, name) == 0)
            return site;
    }
    return NULL;
}

struct http_site *front_open(struct front *front, const struct listen_config *section, SSL_CTX *tls, int fd)
{
    struct http_site *site = find_site(front, section->name);
    struct evconnlistener *listener = evconnlistener_new(front->base, NULL, NULL, LEV_OPT_CLOSE_ON_EXEC, 0, fd);

    if (site == NULL)
        site = make_site(front, section->name);
    site->services = section->serve;
    if (site->tls != NULL)
        SSL_CTX_free(site->tls);
    site->tls = tls;
    if (tls != NULL)
        SSL_CTX_up_ref(tls);
    evconnlistener_set_error_cb(listener, on_accept_error);
    site->bound = evhttp_bind_listener(site->server, listener);
    return site;
}

void front_close(struct front *front G_GNUC_UNUSED, struct http_site *site)
{
    evhttp_del_accept_socket(site->server, site->bound);
    site->bound = NULL;
}
