/* calls.h: the calls that are open on the service's thread: which may pass, which thread runs them, and how those that
 * take long go on. */
#pragma once

#include <event2/event.h>

#include "cmd/bounced/http/front.h"
#include "cmd/bounced/http/http_line.h"
#include "cmd/bounced/http/http_parts.h"
#include "cmd/bounced/http/traffic.h"

struct calls;

/* Of the thread of `base`. The parts and `loop`, where calls for the loop go, are borrowed. */
struct calls *calls_new(struct event_base *base, const struct http_parts *parts, struct http_line *loop);
/* The daemon stops: those that wait for what may come are answered, and none waits any more. */
void calls_stop(struct calls *calls);
/* All that are open are answered, of which some may be unsent then, until the loop of `base` has turned. */
void calls_finish(struct calls *calls);
bool calls_unsent(const struct calls *calls);
/* Behind calls_finish(), once the loop of `base` has ended. */
void calls_free(struct calls *calls);

struct front *calls_front(struct calls *calls);
/* The config is another; it may go then. */
void calls_reload(struct calls *calls);
const struct traffic *calls_traffic(const struct calls *calls);
/* Calls come back from other threads by this line. */
struct http_line *calls_done(struct calls *calls);
