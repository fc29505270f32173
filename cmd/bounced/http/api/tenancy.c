#include "cmd/bounced/http/api/tenancy.h"

#include <string.h>

#include "store/entry_key.h"

static bool is_own_stream(const struct http_call *call, const char *stream)
{
    return g_strcmp0(g_hash_table_lookup(call->tenants, stream), call->grant.tenant) == 0;
}

bool tenancy_owns(const struct http_call *call, const char *scope)
{
    struct entry_scope parsed;

    if (call->grant.tenant == NULL)
        return true;
    if (!entry_scope_parse(scope, &parsed) || parsed.kind == ENTRY_SCOPE_ALL)
        return false;
    return parsed.kind == ENTRY_SCOPE_TENANT ? strcmp(parsed.name, call->grant.tenant) == 0
                                             : is_own_stream(call, parsed.name);
}

static bool forbid(struct http_call *call)
{
    http_answer_problem(&call->answer, PROBLEM_FORBIDDEN, "the token is of another tenant");
    return false;
}

bool tenancy_ask(struct http_call *call, const char *stream, const char *tenant, struct store_asker *asker)
{
    const char *own = call->grant.tenant;

    if (own != NULL &&
        ((stream != NULL && !is_own_stream(call, stream)) || (tenant != NULL && strcmp(tenant, own) != 0)))
        return forbid(call);
    asker->stream = stream;
    asker->tenant = tenant != NULL ? tenant : own;
    if (asker->tenant == NULL && stream != NULL)
        asker->tenant = g_hash_table_lookup(call->tenants, stream);
    return true;
}

char *tenancy_scope(struct http_call *call, const char *text)
{
    struct entry_scope scope;

    if (text == NULL && call->grant.tenant != NULL) {
        scope = (struct entry_scope){ENTRY_SCOPE_TENANT, call->grant.tenant};
    } else if (!entry_scope_parse(text, &scope)) {
        http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, "scope: expected all, tenant=NAME or stream=NAME");
        return NULL;
    } else if (!tenancy_owns(call, text)) {
        forbid(call);
        return NULL;
    }
    return entry_scope_format(&scope);
}

void tenancy_hide(const struct http_call *call, struct suppression *entry)
{
    if (tenancy_owns(call, entry->scope))
        return;
    entry->stream = NULL;
    entry->who = NULL;
    entry->note = NULL;
    entry->batch = NULL;
}
