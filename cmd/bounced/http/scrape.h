/* scrape.h: GET /metrics, as Prometheus asks for it. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void scrape_metrics(struct http_call *call);
