#include "cmd/bounced/http/routing/http_call.h"

struct http_call *http_call_new(void *front, void *wire)
{
    struct http_call *call = g_new0(struct http_call, 1);

    http_answer_init(&call->answer);
    call->front = front;
    call->wire = wire;
    return call;
}

void http_call_free(struct http_call *call)
{
    if (call == NULL)
        return;
    if (call->free_state != NULL)
        call->free_state(call->state);
    if (call->free_unread != NULL)
        call->free_unread(call->unread);
    http_request_clear(&call->request);
    http_answer_clear(&call->answer);
    g_clear_error(&call->error);
    g_free(call->grant.name);
    g_free(call->grant.tenant);
    g_free(call->client);
    g_free(call->listener);
    g_clear_pointer(&call->tenants, g_hash_table_unref);
    g_free(call);
}

void http_call_fail(struct http_call *call)
{
    if (call->answer.status == 0)
        http_answer_problem(&call->answer, PROBLEM_UNAVAILABLE, NULL);
}
