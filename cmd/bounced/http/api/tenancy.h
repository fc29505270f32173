/* tenancy.h: for whose mail a request may ask, and which entries it may change: of a token of one tenant, what is the
 * tenant's (reports/audience.h); of any other, all. */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"
#include "reports/audience.h"
#include "store/stored.h"

/* The audience that it is; its texts are the call's. */
struct audience tenancy_audience(const struct http_call *call);

/* May it tell of mail of the stream (NULL: of none)? */
bool tenancy_tells(const struct http_call *call, const char *stream);

/* For whose mail is it asked: by `stream` and `tenant` (may be NULL), which are kept by the asker, or by the token's
 * tenant. False, and the answer is a problem, if that is another tenant's. */
bool tenancy_ask(struct http_call *call, const char *stream, const char *tenant, struct store_asker *asker);

/* The scope of an entry that is to be written: `text`, or without one the token's tenant's, or all. NULL, and the
 * answer is a problem, if it is none, or not the tenant's. The caller frees. */
char *tenancy_scope(struct http_call *call, const char *text);
