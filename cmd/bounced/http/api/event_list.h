/* event_list.h: GET /v1/events: what was reported, in the order in which it was received: by pages as JSON, and whole
 * as NDJSON or CSV. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void event_list(struct http_call *call);
