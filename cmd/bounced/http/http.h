/* http.h: the service of HTTP: GET /metrics, as Prometheus asks for it. By libevent's evhttp, with bounds on a
 * request's size and time, and on the number of connections, which count for no other limit. */
#pragma once

#include <event2/listener.h>

#include "cmd/bounced/desk/desk.h"
#include "cmd/bounced/log/counters.h"
#include "cmd/bounced/out/feeds.h"
#include "cmd/bounced/peers/receiver.h"

/* The limit at one time, over all listeners. */
enum { HTTP_CONNECTIONS = 16 };

struct http;
struct evhttp_bound_socket;
struct evhttp_request;

/* A service, by its path; the last row has none. */
struct http_route {
    const char *path;
    void (*send)(const struct http *http, struct evhttp_request *request);
};
extern const struct http_route http_routes[];

/* All are borrowed. */
struct http *http_new(struct event_base *base, struct counters *counters, const struct receiver *receiver,
                      const struct desk *desk, struct feeds *feeds);
/* Closes its connections. */
void http_free(struct http *http);

/* Serves the connections of `listener`, and has it until http_leave(), which frees it. */
struct evhttp_bound_socket *http_serve(struct http *http, struct evconnlistener *listener);
void http_leave(struct http *http, struct evhttp_bound_socket *served);
