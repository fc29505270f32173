#include "cmd/bounced/out/feeds/feed_filter.h"

#include "store/entry_key.h"

/* The list in a file has the entries of all mail, and those of its stream or tenant. */
static bool is_listed(const struct feed_config *feed, GHashTable *tenants, const char *text)
{
    const char *tenant = feed->stream != NULL ? g_hash_table_lookup(tenants, feed->stream) : feed->tenant;
    struct entry_scope scope;

    return entry_scope_parse(text, &scope) &&
           (scope.kind == ENTRY_SCOPE_ALL ||
            g_strcmp0(scope.name, scope.kind == ENTRY_SCOPE_STREAM ? feed->stream : tenant) == 0);
}

bool feed_filter_wants(const struct feed_config *feed, GHashTable *tenants, const struct store_tail_item *item)
{
    return interest_wants(&feed->interest, tenants, item) &&
           (feed->type != FEED_TYPE_FILE || item->change == NULL || is_listed(feed, tenants, item->change->scope));
}
