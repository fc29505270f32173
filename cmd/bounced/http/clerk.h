/* clerk.h: the thread that runs the routes that write: one at a time, with the daemon's store. */
#pragma once

#include "cmd/bounced/http/http_line.h"
#include "cmd/ingest/ingest.h"

enum { CLERK_CALLS = 64 }; /* that wait for it at most */

struct clerk;

/* `ingest`, whose store it borrows, and `done`, where calls go when they are answered, are borrowed. */
struct clerk *clerk_new(struct ingest *ingest, struct http_line *done);
/* Waits until those in line are answered. */
void clerk_free(struct clerk *clerk);

/* False if `most` wait for it. */
bool clerk_give(struct clerk *clerk, struct http_call *call, guint most);
