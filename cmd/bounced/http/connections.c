#include "cmd/bounced/http/connections.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/http.h>

#include "cmd/bounced/http/http_parts.h"

enum {
    UNFINISHED_MAX = 128 << 20, /* octets of all requests that are not complete */
    PIPELINED_MAX = 64 << 10,   /* octets that are read of what follows a request before it is answered */
};

struct connections {
    struct event_base *base;
    GHashTable *streams;  /* of struct bufferevent * the struct connection * */
    struct event *relief; /* is due when too much is unfinished */
    size_t unfinished;
};

static void free_connection(void *data)
{
    struct connection *connection = data;

    connection->all->unfinished -= connection->unfinished;
    bufferevent_decref(connection->stream);
    g_free(connection);
}

static void *user_of(const struct connection *connection)
{
    void *user;

    bufferevent_getcb(connection->stream, NULL, NULL, NULL, &user);
    return user;
}

static gboolean is_ended(gpointer stream G_GNUC_UNUSED, gpointer connection, gpointer unused G_GNUC_UNUSED)
{
    return user_of(connection) == NULL;
}

/* evhttp tells of a connection's end only when a request came before. So each is held here, until it has no user any
 * more; its socket is closed then. */
void connections_forget_ended(struct connections *connections)
{
    g_hash_table_foreach_remove(connections->streams, is_ended, NULL);
}

bool connections_full(const struct connections *connections)
{
    return g_hash_table_size(connections->streams) >= HTTP_CONNECTIONS;
}

bool connections_unsent(const struct connections *connections)
{
    GHashTableIter iter;
    gpointer stream;

    g_hash_table_iter_init(&iter, connections->streams);
    while (g_hash_table_iter_next(&iter, &stream, NULL)) {
        if (evbuffer_get_length(bufferevent_get_output(stream)) > 0)
            return true;
    }
    return false;
}

static bool is_idle(const struct connection *connection)
{
    return connection->call == NULL && user_of(connection) != NULL &&
           evbuffer_get_length(bufferevent_get_output(connection->stream)) == 0;
}

void connections_close_idle(struct connections *connections)
{
    g_autoptr(GList) all = g_hash_table_get_values(connections->streams);

    for (const GList *at = all; at != NULL; at = at->next) {
        if (is_idle(at->data))
            evhttp_connection_free(user_of(at->data));
    }
    connections_forget_ended(connections);
}

/* evhttp keeps a body until it is complete. */
static void on_input(struct evbuffer *buffer G_GNUC_UNUSED, const struct evbuffer_cb_info *info, void *data)
{
    struct connection *connection = data;

    connection->unfinished += info->n_added;
    connection->all->unfinished += info->n_added;
    if (connection->all->unfinished > UNFINISHED_MAX)
        event_active(connection->all->relief, 0, 0);
}

void connections_begin(struct connection *connection, struct http_call *call)
{
    static const struct timeval taking = {.tv_sec = HTTP_SILENCE};

    connection->all->unfinished -= connection->unfinished;
    connection->unfinished = 0;
    connection->call = call;
    bufferevent_set_timeouts(connection->stream, NULL, &taking);
    bufferevent_setwatermark(connection->stream, EV_READ, 0, PIPELINED_MAX);
}

/* evhttp reads nothing before it answers. It must not be called for what comes: that is of the next request. */
void connections_watch(struct connection *connection)
{
    bufferevent_data_cb written;
    bufferevent_event_cb happened;
    void *user;

    bufferevent_getcb(connection->stream, NULL, &written, &happened, &user);
    bufferevent_setcb(connection->stream, NULL, written, happened, user);
    bufferevent_enable(connection->stream, EV_READ);
}

void connections_end(struct connection *connection)
{
    static const struct timeval silence = {.tv_sec = HTTP_SILENCE};

    connection->call = NULL;
    bufferevent_set_timeouts(connection->stream, &silence, &silence);
    bufferevent_setwatermark(connection->stream, EV_READ, 0, 0);
}

/* The largest one goes. */
static void on_relief(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct connections *connections = data;
    struct connection *largest = NULL, *connection;
    GHashTableIter iter;

    g_hash_table_iter_init(&iter, connections->streams);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&connection)) {
        if (connection->call == NULL && (largest == NULL || connection->unfinished > largest->unfinished))
            largest = connection;
    }
    if (connections->unfinished <= UNFINISHED_MAX || largest == NULL)
        return;
    void *user = user_of(largest);
    if (user != NULL)
        evhttp_connection_free(user);
    connections_forget_ended(connections);
}

static struct bufferevent *make_stream(struct event_base *base, SSL_CTX *tls)
{
    struct bufferevent *stream;

    if (tls == NULL)
        return bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    stream = bufferevent_openssl_socket_new(base, -1, SSL_new(tls), BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_openssl_set_allow_dirty_shutdown(stream, 1);
    return stream;
}

struct connection *connections_add(struct connections *connections, SSL_CTX *tls)
{
    struct connection *connection = g_new0(struct connection, 1);

    connections_forget_ended(connections);
    connection->all = connections;
    connection->stream = make_stream(connections->base, tls);
    bufferevent_incref(connection->stream);
    evbuffer_add_cb(bufferevent_get_input(connection->stream), on_input, connection);
    g_hash_table_insert(connections->streams, connection->stream, connection);
    return connection;
}

struct connection *connections_find(struct connections *connections, struct bufferevent *stream)
{
    return g_hash_table_lookup(connections->streams, stream);
}

struct connections *connections_new(struct event_base *base)
{
    struct connections *connections = g_new0(struct connections, 1);

    connections->base = base;
    connections->streams = g_hash_table_new_full(NULL, NULL, NULL, free_connection);
    connections->relief = event_new(base, -1, 0, on_relief, connections);
    return connections;
}

void connections_free(struct connections *connections)
{
    if (connections == NULL)
        return;
    g_hash_table_unref(connections->streams);
    event_free(connections->relief);
    g_free(connections);
}
