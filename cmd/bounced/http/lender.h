/* lender.h: the store that the service's thread reads by, which a call has for a moment. */
#pragma once

#include <event2/event.h>
#include <stdbool.h>

#include "cmd/bounced/http/http_parts.h"
#include "cmd/bounced/http/routing/http_call.h"

struct lender;

/* Of the thread of `base`, in whose idle moments the store is tended. `parts` is borrowed. */
struct lender *lender_new(struct event_base *base, const struct http_parts *parts);
void lender_free(struct lender *lender);

/* Sets call->store and call->now. False if it cannot be read: that is in the log, and the call's answer is a problem
 * unless there is one already. */
bool lender_lend(struct lender *lender, struct http_call *call);
/* Takes it back. Likewise with call->error, which it clears; true if there was none. */
bool lender_take_back(struct lender *lender, struct http_call *call);

/* A call failed by `error` (NULL: it did not), by whichever store: once a minute the log has it. */
void lender_tell(struct lender *lender, const GError *error);

/* Was the store written to since this was asked last, or may it have been? */
bool lender_stirred(struct lender *lender);
