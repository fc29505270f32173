/* suppression_list.h: GET /v1/suppressions: the list by pages as JSON, and whole as NDJSON or CSV. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void suppression_list(struct http_call *call);
