/* gate.h: lets calls pass that have a good token with the right of their route, and not too many of them. Of one
 * thread. */
#pragma once

#include <stdbool.h>

#include "cmd/bounced/http/routing/http_call.h"
#include "cmd/config/config.h"

struct gate;

struct gate *gate_new(const struct config *config);
void gate_free(struct gate *gate);
/* The config is another. */
void gate_reload(struct gate *gate, const struct config *config);

/* Sets the call's grant by its Authorization field ("Bearer TOKEN") and call->store. False, and the answer is a
 * problem, or call->error is set, if it may not pass. `*first`: it is the token's first call of the day, as far as is
 * known. */
bool gate_pass(struct gate *gate, struct http_call *call, bool *first);
/* Is the token still good of a call that passed some time ago? Likewise. */
bool gate_holds(struct http_call *call);
