/* http.h: the service of HTTP: metrics, and the API, on a thread with an event loop of its own: neither do reports
 * wait for it, nor it for them. It reads the database by a connection of its own; a clerk beside it writes by the
 * daemon's; some routes are the loop's. By libevent's evhttp, with bounds on a request's size and time, and on the
 * number of connections, which count for no other limit. */
#pragma once

#include <event2/event.h>

#include "cmd/bounced/desk/desk.h"
#include "cmd/bounced/http/http_parts.h"
#include "cmd/config/listen.h"

struct http;
struct http_site;

/* The parts are borrowed. */
struct http *http_new(const struct http_parts *parts);
/* Closes its connections. Nothing is with the loop then. */
void http_free(struct http *http);
/* The config is another; it may go after the next call. */
void http_reload(struct http *http);

/* The daemon stops: it is not ready any more, and those that wait for what may come are answered. */
void http_stop(struct http *http);

/* Ends a call that a route's function kept; on any thread, before http_free(). */
void http_end(struct http *http, struct http_call *call);

/* Serves the connections of the listening socket `fd`, until http_leave(), which is to be called before `fd` is closed.
 */
struct http_site *http_serve(struct http *http, const struct listen_config *section, int fd);
void http_leave(struct http *http, struct http_site *site);
