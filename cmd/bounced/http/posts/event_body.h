/* event_body.h: the body of POST /v1/events: what programs tell, as testimonies: a JSON object, an array of them, or
 * one a line (NDJSON). It does no I/O. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"
#include "cmd/ingest/testimony.h"

enum { EVENT_BODY_EVENTS = 1000 }; /* at most */

/* One of them. Plain data. */
struct event_item {
    struct testimony *testimony; /* for whoever takes it */
    char *text;                  /* the JSON of it, a line; likewise */
    enum problem problem;        /* why it is refused, ... */
    char *detail;                /* ... for people; NULL: it is not, or not yet */
};

struct event_body {
    GArray *items; /* of struct event_item, in their order */
    bool alone;    /* one, that is no list */
};

/* Takes the token, the tenancy and the Idempotency-Key of the call. NULL, and the answer is a problem, if the body is
 * no good as a whole; what one event lacks is told of that alone. */
struct event_body *event_body_read(struct http_call *call);
void event_body_free(struct event_body *body);

/* Refuses one; takes the detail. Gives false. */
bool event_item_refuse(struct event_item *item, enum problem problem, char *detail);

typedef struct event_body EventBody;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EventBody, event_body_free)
