/* delivered_post.h: POST /v1/delivered: addresses that mail went through to, as `bouncectl delivered` takes them. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void delivered_post(struct http_call *call);
