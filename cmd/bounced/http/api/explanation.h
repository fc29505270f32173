/* explanation.h: GET /v1/explain/{address}: what `bouncectl explain --json` tells of it, and the same as text. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void explanation_get(struct http_call *call);
