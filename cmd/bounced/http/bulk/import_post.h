/* import_post.h: POST /v1/import: the list of a provider, or of another database of ours. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void import_post(struct http_call *call);
