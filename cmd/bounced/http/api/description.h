/* description.h: GET /v1/openapi.json: what there is, for programs. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void description_get(struct http_call *call);
