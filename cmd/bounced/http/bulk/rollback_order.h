/* rollback_order.h: what a request to roll back asks for: reports by a filter, or those of a run of ingest, or that a
 * batch is undone. */
#pragma once

#include <jansson.h>

#include "cmd/batches/retraction.h"
#include "cmd/bounced/http/routing/http_call.h"

struct rollback_order {
    struct retraction_settings settings;
    const char *undo; /* a batch; NULL: reports are rolled back */
    const char *note;
    bool apply; /* else it is shown */
};

/* By the members of `object`, which the order borrows from. False, and the answer is a problem, if it cannot be
 * followed. */
bool rollback_order_read(struct http_call *call, json_t *object, struct rollback_order *order);
