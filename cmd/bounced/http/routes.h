/* routes.h: the routes of the service of HTTP, one row a method and path. The table is held against the OpenAPI file.
 */
#pragma once

#include "cmd/bounced/http/routing/http_route.h"

/* Ends with a row whose path is NULL. */
extern const struct http_route http_routes[];
