/* http_line.h: calls that wait for a thread, in line: one side puts them in, the other is woken, and takes them out. */
#pragma once

#include <event2/event.h>
#include <stdbool.h>

#include "cmd/bounced/http/routing/http_call.h"

struct http_line;

struct http_line *http_line_new(void);
/* Frees the calls in it. */
void http_line_free(struct http_line *line);

/* Calls `wake` with `data` in the loop of `base` when there are calls. Before any is put in. */
void http_line_watch(struct http_line *line, struct event_base *base, event_callback_fn wake, void *data);
/* Takes the event out of that loop. On its thread. */
void http_line_leave(struct http_line *line);

/* On any thread. False if `most` are in it. */
bool http_line_put(struct http_line *line, struct http_call *call, guint most);
/* The next one, NULL if there is none. */
struct http_call *http_line_take(struct http_line *line);
/* Likewise, but waits for it; NULL when somebody called http_line_stop(). For a line that nobody watches. */
struct http_call *http_line_wait(struct http_line *line);
void http_line_stop(struct http_line *line);
