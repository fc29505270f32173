#include "cmd/bounced/http/api/health.h"

#include "cmd/bounced/http/http_parts.h"
#include "store/store.h"

void health_process(struct http_call *call)
{
    http_answer_begin(&call->answer, 200, "application/json");
    g_string_append(call->answer.body, "{\"status\":\"ok\"}\n");
}

void health_store(struct http_call *call)
{
    if (g_atomic_int_get(&call->parts->stopping) != 0) {
        http_answer_problem(&call->answer, PROBLEM_UNAVAILABLE, "the daemon stops");
        return;
    }
    if (!store_begin(call->store, &call->error))
        return;
    store_rollback(call->store);
    health_process(call);
}
