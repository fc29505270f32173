#include "cmd/bounced/out/feeds/feed_plan.h"

#include "store/entry_key.h"

struct feed_plan *feed_plan_new(const struct config *config)
{
    struct feed_plan *plan = g_new0(struct feed_plan, 1);

    plan->feeds = g_ptr_array_new_with_free_func((GDestroyNotify)feed_config_unref);
    for (guint i = 0; i < config->feeds->len; i++)
        g_ptr_array_add(plan->feeds, feed_config_ref(config->feeds->pdata[i]));
    plan->tenants = config_copy_tenants(config);
    plan->wording = g_strdup(config->lookup_text);
    plan->hostname = g_strdup(config->hostname);
    plan->smart_host = smart_host_ref(config->smart_host);
    return plan;
}

void feed_plan_free(struct feed_plan *plan)
{
    if (plan == NULL)
        return;
    g_ptr_array_unref(plan->feeds);
    g_hash_table_unref(plan->tenants);
    g_free(plan->wording);
    g_free(plan->hostname);
    smart_host_unref(plan->smart_host);
    g_free(plan);
}

/* The list in a file has the entries of all mail, and those of its stream or tenant. */
static bool is_listed(const struct feed_config *feed, GHashTable *tenants, const char *text)
{
    const char *tenant = feed->stream != NULL ? g_hash_table_lookup(tenants, feed->stream) : feed->tenant;
    struct entry_scope scope;

    return entry_scope_parse(text, &scope) &&
           (scope.kind == ENTRY_SCOPE_ALL ||
            g_strcmp0(scope.name, scope.kind == ENTRY_SCOPE_STREAM ? feed->stream : tenant) == 0);
}

bool feed_plan_wants(const struct feed_plan *plan, const struct feed_config *feed, const struct store_tail_item *item)
{
    return interest_wants(&feed->interest, plan->tenants, item) &&
           (feed->type != FEED_TYPE_FILE || item->change == NULL ||
            is_listed(feed, plan->tenants, item->change->scope));
}
