/* turn.h: the daemon's store, turn by turn, for the work of a call that takes long: others have it in between. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bounced/http/routing/http_call.h"

struct turn {
    struct http_call *call;
    const char *refusal; /* why the store is not lent, or failed, a constant; NULL: all is well */
    gint64 began;
};

/* Does the daemon not stop? For work without the store; else `refusal` says so. */
bool turn_may_go_on(struct turn *turn);
/* The store is to be written: it must have room, beside, for what mail brings. Likewise. */
bool turn_has_room(struct turn *turn);

/* Lends the store until turn_end(); NULL: `refusal` says why not. */
struct store *turn_begin(struct turn *turn);
/* `call->error` is what failed in between, if anything did: `refusal` then is set. Waits as long as the turn took. */
bool turn_end(struct turn *turn);
