/* batch_check.h: POST /v1/check: many addresses at once. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

enum { BATCH_CHECK_ADDRESSES = 10000 };

void batch_check(struct http_call *call);
