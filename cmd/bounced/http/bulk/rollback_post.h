/* rollback_post.h: POST /v1/rollback: reports that are believed no more, and batches that are undone. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void rollback_post(struct http_call *call);
