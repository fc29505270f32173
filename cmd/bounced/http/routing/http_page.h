/* http_page.h: a page of a list: {"items": [...], "next": CURSOR}. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

/* Begins the body; items follow it, with commas between them. */
void http_page_begin(struct http_call *call);
/* Ends it, with a Link to the next page (RFC 8288) and the status 200; `next` is NULL if this is the last one. */
void http_page_end(struct http_call *call, const char *next);
