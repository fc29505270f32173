/* health.h: GET /healthz: the process answers. GET /readyz: the store can be written, and the daemon does not stop. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void health_process(struct http_call *call);
void health_store(struct http_call *call);
