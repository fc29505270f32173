/* tenancy.h: what a token of one tenant may see and change: the entries of the scopes tenant=T and stream=S, for each
 * stream S of the tenant. A token of no tenant may all. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"
#include "store/stored.h"

/* Is the scope the tenant's own? */
bool tenancy_owns(const struct http_call *call, const char *scope);

/* For whose mail is it asked: by `stream` and `tenant` (may be NULL), which are kept by the asker, or by the token's
 * tenant. False, and the answer is a problem, if that is another tenant's. */
bool tenancy_ask(struct http_call *call, const char *stream, const char *tenant, struct store_asker *asker);

/* The scope of an entry that is to be written: `text`, or without one the token's tenant's, or all. NULL, and the
 * answer is a problem, if it is none, or not the tenant's. The caller frees. */
char *tenancy_scope(struct http_call *call, const char *text);

/* An entry that applies to the tenant, and is not its own, is shown without what others wrote of it. */
void tenancy_hide(const struct http_call *call, struct suppression *entry);
