/* ongoing.h: the calls whose answers do not come at once: they go on in pieces, or wait for what comes into the store.
 * Each has its turn, of some milliseconds, on the service's thread. A call that waits costs nothing until the store is
 * written to; and a client that does not take its piece is given no other one. */
#pragma once

#include <event2/event.h>

#include "cmd/bounced/http/lender.h"
#include "cmd/bounced/http/traffic.h"

/* Those that may wait at one time: a client has its connection for as long, and others need some, too. */
enum { ONGOING_PATIENT = HTTP_CONNECTIONS / 2 };

struct ongoing;

/* Of the thread of `base`. The others are borrowed. */
struct ongoing *ongoing_new(struct event_base *base, struct lender *lender, struct traffic *traffic);
/* Frees its calls. */
void ongoing_free(struct ongoing *ongoing);
/* By the config so many calls of one token may wait; `tenants` is of a stream the tenant, and counted. */
void ongoing_reload(struct ongoing *ongoing, guint token_waits, GHashTable *tenants);

/* Takes a call whose `poll` or `next` is set. False, and its answer is a problem, if too many wait. */
bool ongoing_take(struct ongoing *ongoing, struct http_call *call);
/* A request came that is answered at once: while such come, half of the time is theirs. */
void ongoing_give_way(struct ongoing *ongoing);
/* Its client has taken the piece. */
void ongoing_taken(struct ongoing *ongoing, struct http_call *call);
/* Those that wait end now, and others that come wait no more. */
void ongoing_stop(struct ongoing *ongoing);
