#include "cmd/bounced/http/api/description.h"

/* cmd/bounced/http/openapi.json (cmd/embed.cmake). */
extern const char openapi_json[];
extern const size_t openapi_json_ends[];

void description_get(struct http_call *call)
{
    http_answer_begin(&call->answer, 200, "application/json");
    g_string_append_len(call->answer.body, openapi_json, (gssize)openapi_json_ends[0]);
}
