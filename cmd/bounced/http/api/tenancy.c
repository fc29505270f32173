#include "cmd/bounced/http/api/tenancy.h"

#include <string.h>

#include "store/entry_key.h"

struct audience tenancy_audience(const struct http_call *call)
{
    return (struct audience){call->grant.tenant, call->tenants};
}

bool tenancy_tells(const struct http_call *call, const char *stream)
{
    const struct audience audience = tenancy_audience(call);

    return audience.tenant == NULL || (stream != NULL && audience_owns_stream(&audience, stream));
}

static bool forbid(struct http_call *call)
{
    http_answer_problem(&call->answer, PROBLEM_FORBIDDEN, "the token is of another tenant");
    return false;
}

bool tenancy_ask(struct http_call *call, const char *stream, const char *tenant, struct store_asker *asker)
{
    const struct audience audience = tenancy_audience(call);
    const char *own = audience.tenant;

    if ((stream != NULL && !audience_owns_stream(&audience, stream)) ||
        (own != NULL && tenant != NULL && strcmp(tenant, own) != 0))
        return forbid(call);
    asker->stream = stream;
    asker->tenant = tenant != NULL ? tenant : own;
    if (asker->tenant == NULL && stream != NULL)
        asker->tenant = g_hash_table_lookup(call->tenants, stream);
    return true;
}

char *tenancy_scope(struct http_call *call, const char *text)
{
    const struct audience audience = tenancy_audience(call);
    struct entry_scope scope;

    if (text == NULL && call->grant.tenant != NULL) {
        scope = (struct entry_scope){ENTRY_SCOPE_TENANT, call->grant.tenant};
    } else if (!entry_scope_parse(text, &scope)) {
        http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, "scope: expected all, tenant=NAME or stream=NAME");
        return NULL;
    } else if (!audience_owns(&audience, text)) {
        forbid(call);
        return NULL;
    }
    return entry_scope_format(&scope);
}
