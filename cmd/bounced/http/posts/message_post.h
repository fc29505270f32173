/* message_post.h: POST /v1/messages: a mail that somebody else received, as it came. It goes the way of all mail, and
 * proves what it would prove had it come to the same address by SMTP. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void message_post(struct http_call *call);
