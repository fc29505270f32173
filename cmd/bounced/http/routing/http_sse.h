/* http_sse.h: server-sent events as text (HTML Living Standard, section 9.2.6). */
#pragma once

#include <glib.h>

#define HTTP_SSE_TYPE "text/event-stream"

/* So long a client waits before it connects again. */
void http_sse_retry(GString *out, unsigned milliseconds);
/* An event. `id` and `type` are of one line; `data` is text, of as many lines as it has. */
void http_sse_event(GString *out, const char *id, const char *type, const char *data);
/* No event, but the id that a client gives back as Last-Event-ID is another now. */
void http_sse_id(GString *out, const char *id);
/* No event: a comment, by which both sides see that the other one is there. */
void http_sse_beat(GString *out);
