/* webhook_exchange.h: what a webhook's receiver is asked for one delivery, in each form of [feed NAME] format: a
 * request, or several, of which the later ones may come of what is answered to the first. Pure. */
#pragma once

#include "cmd/bounced/out/feeds/outlet.h"

struct webhook_request {
    char *path;               /* behind the URL; NULL: nothing */
    const char *content_type; /* NULL: nothing is posted, and the answer is wanted */
    GString *body;
};

struct webhook_exchange;

/* For `items`; `now` is of a batch. All is borrowed. NULL: the receiver has no use for it. */
struct webhook_exchange *webhook_exchange_new(const struct feed_config *config, const GPtrArray *items, gint64 now);
void webhook_exchange_free(struct webhook_exchange *exchange);

/* The next request, which lives until this is called again; NULL: it is over. */
const struct webhook_request *webhook_exchange_next(struct webhook_exchange *exchange);
/* The answer to the request that was given last, of those whose answers are wanted. False if it is not what the
 * format has. */
bool webhook_exchange_answer(struct webhook_exchange *exchange, const GString *answer);
