/* change_list.h: GET /v1/changes: what came into the store behind a cursor, a page at a time; a request that finds
 * nothing may wait for it. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void change_list(struct http_call *call);
