/* wave_list.h: GET /v1/waves: the waves, newest first; POST /v1/waves/{wave}/confirm and drop: what one holds takes
 * effect, or goes. A wave is of a receiver, and of all mail to it: a token of a tenant may neither see nor end one.
 */
#pragma once

#include "cmd/bounced/http/routing/http_call.h"

void wave_list_get(struct http_call *call);
void wave_list_confirm(struct http_call *call);
void wave_list_drop(struct http_call *call);
