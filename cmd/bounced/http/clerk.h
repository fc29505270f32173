/* clerk.h: a thread that runs routes beside the service's, one call at a time: those that write, with the daemon's
 * store, or those that take long, which get it turn by turn (bulk/turn.h). */
#pragma once

#include "cmd/bounced/http/http_line.h"
#include "cmd/ingest/ingest.h"

/* That wait at most: for the store; behind one that may take minutes. */
enum { CLERK_CALLS = 64, CLERK_BULK_CALLS = 8 };

struct clerk;

/* `ingest`, whose store it borrows, and `done`, where calls go when they are answered, are borrowed. */
struct clerk *clerk_new(struct ingest *ingest, struct http_line *done);
/* Waits until those in line are answered. */
void clerk_free(struct clerk *clerk);

/* False if `most` wait for it, or more than it can hold of what they brought. */
bool clerk_give(struct clerk *clerk, struct http_call *call, guint most);
