/* http_call.h: one request with its answer, on its way through the threads. A route's function answers it at once, or
 * sets `poll`, `next`, `onward` or `kept`, and is done. Plain data but for the functions at the end. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bounced/http/routing/http_answer.h"
#include "cmd/bounced/http/routing/http_request.h"

struct http_call;
struct http_parts;
struct http_route;
struct store;

/* The rights of a token; a set of bits. */
enum http_right {
    HTTP_RIGHT_NONE = 0,
    HTTP_RIGHT_READ = 1 << 0,
    HTTP_RIGHT_WRITE = 1 << 1,
    HTTP_RIGHT_INGEST = 1 << 2,
    HTTP_RIGHT_ADMIN = 1 << 3,
};

/* The token that the request came with. */
struct http_grant {
    char *name;   /* NULL: none is needed */
    char *tenant; /* it may see and change the entries of this one alone; NULL: all */
    unsigned rights;
};

/* How an answer goes on that does not come at once. */
enum http_next {
    HTTP_NEXT_MORE, /* call it again when others had their turn, and the client has taken what there is */
    HTTP_NEXT_WAIT, /* there is nothing now: call it again when the store was written to, or its patience is over */
    HTTP_NEXT_END,
};

struct http_call {
    struct http_request request;
    struct http_answer answer;
    const struct http_route *route;
    struct http_grant grant;
    char *client;        /* its address */
    char *listener;      /* the name of ours that it came to */
    const char *problem; /* in what was read of the request; NULL: it is good; a constant */

    /* For the function: of the thread that runs it. */
    struct store *store;            /* of a reader's or clerk's route that needs a right, and of each of the clerk's */
    GHashTable *tenants;            /* of a stream the tenant */
    gint64 now;                     /* seconds since 1970 UTC */
    const struct http_parts *parts; /* but for a few that do not change, for a route of HTTP_PLACE_LOOP */

    GError *error; /* set by it: of the store; the answer becomes a problem unless there is one already */

    /* Set by the function, if the answer is to come later. */
    enum http_next (*poll)(struct http_call *call);                 /* a reader's: until the answer is whole */
    enum http_next (*next)(struct http_call *call, GString *piece); /* a reader's: the body behind answer.body */
    unsigned patience; /* milliseconds that it waits at most; 0: it never does. The store may be NULL when it is over */
    bool late;         /* its patience is over: a `poll` ends, a `next` may give a sign of life */
    void (*onward)(struct http_call *call); /* a reader's: called next, on the loop */
    bool kept;                              /* http_end() (http.h) is called for it later */
    void *state;                            /* of the function, for `poll` and `next` */
    GDestroyNotify free_state;

    /* The service's. */
    void *unread; /* the body, until it is taken (http_body.h); NULL: it was, or there is none */
    GDestroyNotify free_unread;
    unsigned stage; /* of those that go on: see ongoing.c */
    gint64 due;     /* likewise */
    void *front;
    void *wire; /* NULL: the client is gone */
};

struct http_call *http_call_new(void *front, void *wire);
void http_call_free(struct http_call *call);

/* Its answer becomes a problem if it has none. Clients are not told of what kind: the log is. */
void http_call_fail(struct http_call *call);
