/* http_body.h: the body of a request, which may be large: it is taken into memory, or piece by piece, by one thread. */
#pragma once

#include <event2/buffer.h>
#include <stddef.h>

#include "cmd/bounced/http/routing/http_call.h"

/* The call gets what is in `input`, which is empty then. */
void http_body_keep(struct http_call *call, struct evbuffer *input);

/* Octets that were not taken. */
size_t http_body_length(const struct http_call *call);
/* All of them become call->request.body. */
void http_body_take(struct http_call *call);
/* The next ones, up to `room`; 0 at the end. */
size_t http_body_take_some(struct http_call *call, char *octets, size_t room);
