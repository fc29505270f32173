/* following.h: what comes into the store behind a cursor, for one who follows it over HTTP: what he may be told, and
 * wants to be. Read in small parts, each of which goes on where the one before ended, also after a restart. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"
#include "reports/interest.h"

struct following {
    struct interest interest;
    struct store_position position; /* behind what was given */
    struct store_tail *tail;        /* of the part that is being read */
    unsigned rows;                  /* of it, that were looked at */
    bool ended;                     /* that was all there is */
    GString *type, *json;           /* of the item that was given last: as in reports/feed_event.h */
};

/* By the arguments of the request: the members of an interest by their names, and the cursor `after`, which may be
 * "now"; NULL: the beginning of what is kept. False, and the answer is a problem, or call->error is set, if they are no
 * good, or of another tenant. To be cleared in any case. */
bool following_begin(struct http_call *call, struct following *following, const char *after);
void following_clear(struct following *following);

/* Begins a part. False with call->error, or, if what follows the cursor is not kept any more, a problem. */
bool following_open(struct http_call *call, struct following *following);
/* The next item of it; false at its end, where `ended` is set, or likewise. */
bool following_next(struct http_call *call, struct following *following);
/* Ends it, wherever it is. */
void following_close(struct following *following);
