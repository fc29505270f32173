/* change_stream.h: GET /v1/changes/stream: what comes into the store behind a cursor, as server-sent events, for as
 * long as the client takes them. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void change_stream(struct http_call *call);
