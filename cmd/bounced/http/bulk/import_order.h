/* import_order.h: what a request to import a list asks for, by its query and its header. */
#pragma once

#include "cmd/batches/haul.h"
#include "cmd/bounced/http/bulk/snapshot.h"
#include "cmd/bounced/http/routing/http_call.h"

struct import_order {
    struct haul_settings settings; /* but for the path of the list */
    struct import_settings store;
    /* what they point to */
    struct grounds reason, kind;
    char *scope;         /* of all entries; NULL: as the list says */
    char *own;           /* the scope of a token's tenant, for rows that name none; NULL: it is of no tenant */
    GHashTable *streams; /* the tenant's own */
    char *batch;
};

/* Into an order that is zero; the snapshot is borrowed. False, and the answer is a problem, if it cannot be followed.
 */
bool import_order_read(struct http_call *call, const struct snapshot *snapshot, struct import_order *order);
void import_order_clear(struct import_order *order);

/* The stream that is to be looked for among those of reports; NULL: there is none. An entry for a stream or a tenant
 * that nobody knows would never apply. */
const char *import_order_strange_stream(const struct snapshot *snapshot, const struct import_order *order);
