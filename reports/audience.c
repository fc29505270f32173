#include "reports/audience.h"

#include <string.h>

#include "store/entry_key.h"

static const char *tenant_of_stream(GHashTable *tenants, const char *stream)
{
    return tenants != NULL && stream != NULL ? g_hash_table_lookup(tenants, stream) : NULL;
}

const char *audience_tenant_of(GHashTable *tenants, const char *scope)
{
    struct entry_scope parsed;

    if (!entry_scope_parse(scope, &parsed) || parsed.kind == ENTRY_SCOPE_ALL)
        return NULL;
    return parsed.kind == ENTRY_SCOPE_TENANT ? parsed.name : tenant_of_stream(tenants, parsed.name);
}

bool audience_owns(const struct audience *audience, const char *scope)
{
    return audience->tenant == NULL || g_strcmp0(audience_tenant_of(audience->tenants, scope), audience->tenant) == 0;
}

bool audience_owns_stream(const struct audience *audience, const char *stream)
{
    return audience->tenant == NULL || g_strcmp0(tenant_of_stream(audience->tenants, stream), audience->tenant) == 0;
}

bool audience_hears(const struct audience *audience, const struct stored_event *event)
{
    return g_strcmp0(event->tenant, audience->tenant) == 0 || audience_owns_stream(audience, event->event.stream) ||
           audience_owns(audience, event->scope);
}

void audience_hide(const struct audience *audience, struct suppression *entry)
{
    if (audience_owns(audience, entry->scope))
        return;
    entry->stream = NULL;
    entry->who = NULL;
    entry->note = NULL;
    entry->batch = NULL;
}

void audience_hide_event(const struct audience *audience, struct stored_event *event)
{
    if (!audience_owns(audience, event->scope))
        event->rollback_note = NULL;
}
