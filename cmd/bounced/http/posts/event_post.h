/* event_post.h: POST /v1/events: what a mail server's hook or an application learned by itself. It is stored like a
 * report that comes by mail, before the answer; each event by itself, so that one that is no good loses no other. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void event_post(struct http_call *call);
