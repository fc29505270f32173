/* http_route.h: the routes in a table: which request is for which function, on which thread, and with which right. */
#pragma once

#include <stdbool.h>

#include "cmd/bounced/http/routing/http_call.h"
#include "cmd/config/listen.h"

/* The thread that runs a route's function. */
enum http_place {
    HTTP_PLACE_READER, /* the service's own, with a store that reads; some milliseconds at most */
    HTTP_PLACE_CLERK,  /* one beside it, with the daemon's store, outside of a transaction */
    HTTP_PLACE_BULK,   /* another one, which may take minutes, for one call at a time; it gets no store */
    HTTP_PLACE_LOOP,   /* the daemon's loop, which must not wait */
};

struct http_route {
    enum http_method method;
    const char *path;          /* "/v1/suppressions/{subject}": a name in braces is a parameter, of one segment */
    enum listen_serve service; /* that [listen] must serve */
    unsigned right;            /* enum http_right; 0: for anybody */
    enum http_place place;
    unsigned body_max; /* octets; 0: it takes none */
    void (*run)(struct http_call *call);
    const char
        *arguments; /* those of the query that it knows, with blanks between them; NULL: they are not looked at */
};

enum http_route_result {
    HTTP_ROUTE_FOUND,
    HTTP_ROUTE_NOT_FOUND,
    HTTP_ROUTE_NOT_ALLOWED, /* of this method */
    HTTP_ROUTE_BAD,         /* a parameter is no text */
};

/* Finds the route of call->request among `routes`, which end with one whose path is NULL, and sets its parameters.
 * `services` is a set of bits (1 << enum listen_serve). `allowed` becomes the methods that the path knows, "GET, PUT".
 */
enum http_route_result http_route_find(const struct http_route *routes, unsigned services, struct http_call *call,
                                       GString *allowed);

/* An argument of the query that the route does not know, which may be a slip that changes what is asked; NULL: there is
 * none. It lives as long as the request. */
const char *http_route_stranger(const struct http_route *route, const struct http_request *request);
