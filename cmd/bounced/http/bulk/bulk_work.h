/* bulk_work.h: what a rollback and an undoing work with: a store of their own that they read, the daemon's turn by
 * turn, and the rows that they list. */
#pragma once

#include "cmd/bounced/http/bulk/listings.h"
#include "cmd/bounced/http/bulk/snapshot.h"
#include "cmd/bounced/http/bulk/turn.h"
#include "store/store.h"

struct bulk_work {
    struct http_call *call;
    struct turn turn;
    struct snapshot *snapshot;
    struct store *reader;
    struct listings listings;
    char *batch; /* the name of the work; NULL: nothing is written */
};

/* Of a call, with the rest zero. False, and the answer is a problem, if the store cannot be read. To be ended anyway.
 */
bool bulk_work_begin(struct bulk_work *work);
/* Tells of it in the log, as `event`; NULL: there is nothing to tell. */
void bulk_work_end(struct bulk_work *work, const char *event);

/* Makes the answer a problem: by call->error, or by the turn's refusal. `far` is how far it came; NULL: nothing is
 * done. Gives false. */
bool bulk_work_give_up(struct bulk_work *work, const char *far);
