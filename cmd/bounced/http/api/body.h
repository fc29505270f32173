/* body.h: bodies of requests that are JSON. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "cmd/bounced/http/routing/http_call.h"

/* Is the body of this media type, "application/json"? By its Content-Type; `absent`: one that does not say is. */
bool body_is(const struct http_call *call, const char *type, bool absent);
/* The body as JSON. The caller releases it (json_decref()). NULL, and the answer is a problem, if it is none, or is of
 * another type. */
json_t *body_json(struct http_call *call);
/* The body as an object; an empty one is {} if `optional`. Likewise. */
json_t *body_object(struct http_call *call, bool optional);

/* A member that is text without control characters; `*text` is NULL if it is absent or null, and lives as long as the
 * object. False, and the answer is a problem, if it is none. */
bool body_text(struct http_call *call, const json_t *object, const char *name, const char **text);
/* A member that is a moment, seconds since 1970 UTC; 0 if it is absent or null. Likewise. */
bool body_time(struct http_call *call, const json_t *object, const char *name, gint64 *seconds);
/* A member that is true or false, as which one counts that is absent or null. Likewise. */
bool body_flag(struct http_call *call, const json_t *object, const char *name, bool *flag);
/* Has it no other members than these, which end with NULL? Likewise. */
bool body_knows(struct http_call *call, json_t *object, const char *const *names);
