/* http_request.h: a request as the routes see it. Plain data; pure, as all of this room: no I/O, no clock. */
#pragma once

#include <glib.h>
#include <stdbool.h>

extern const char *const http_method_names[];
enum http_method {
    HTTP_METHOD_GET, /* HEAD, too: the answer's body is left out */
    HTTP_METHOD_POST,
    HTTP_METHOD_PUT,
    HTTP_METHOD_DELETE,
    HTTP_METHOD_OTHER,
};

/* The header fields that anything looks at, by their names. */
extern const char *const http_field_names[];
enum http_field {
    HTTP_FIELD_ACCEPT,
    HTTP_FIELD_AUTHORIZATION,
    HTTP_FIELD_CONTENT_ENCODING,
    HTTP_FIELD_CONTENT_TYPE,
    HTTP_FIELD_IDEMPOTENCY_KEY,
    HTTP_FIELD_IF_MATCH,
    HTTP_FIELD_IF_NONE_MATCH,
    HTTP_FIELD_LAST_EVENT_ID,
    HTTP_FIELDS
};

enum { HTTP_PARAMETERS = 2 }; /* of a path at most */

struct http_request {
    enum http_method method;
    char *path;                        /* as it came, without the query */
    char *parameters[HTTP_PARAMETERS]; /* of the route's template, decoded: UTF-8 without control characters */
    GHashTable *arguments;             /* of the query, decoded likewise; a name is there once */
    char *fields[HTTP_FIELDS];         /* NULL: absent */
    GString *body;                     /* any bytes; may be empty */
};

/* Reads "/path?name=value&..." into an empty request. False, and `*why` says it (a constant), if it is no good: a name
 * twice, an escape that is none, octets that are no text. */
bool http_request_read_uri(struct http_request *request, const char *uri, const char **why);
void http_request_clear(struct http_request *request);

/* Is it UTF-8 without control characters? */
bool http_request_is_text(const char *text);

/* An argument of the query; NULL if it is absent. */
const char *http_request_argument(const struct http_request *request, const char *name);
/* "true", as which one without a value counts, or "false", as which it counts where it is absent. False if it is
 * neither. */
bool http_request_flag(const struct http_request *request, const char *name, bool *flag);
/* A number of it within limits; `absent` where it is absent. False if it is none. */
bool http_request_number(const struct http_request *request, const char *name, gint64 minimum, gint64 maximum,
                         gint64 absent, gint64 *number);
/* Does the Accept field prefer this media type to JSON? It is named, and no other type that we make stands before it.
 */
bool http_request_wants(const struct http_request *request, const char *type);
