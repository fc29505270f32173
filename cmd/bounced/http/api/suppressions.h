/* suppressions.h: entries of the list by their subject: /v1/suppressions/{subject}. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

/* Gives all that applies to the address, for `stream` or `tenant`; with `scope` that entry alone; of a domain its own
 * entries. */
void suppressions_get(struct http_call *call);
/* Adds or changes, and removes, the entry of `scope`. */
void suppressions_put(struct http_call *call);
void suppressions_delete(struct http_call *call);
