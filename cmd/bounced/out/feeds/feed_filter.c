#include "cmd/bounced/out/feeds/feed_filter.h"

#include <string.h>

#include "store/entry_key.h"

static bool has(const GPtrArray *list, const char *name)
{
    if (list == NULL)
        return true;
    for (guint i = 0; name != NULL && i < list->len; i++) {
        if (strcmp(list->pdata[i], name) == 0)
            return true;
    }
    return false;
}

static bool wants_event(const struct feed_config *feed, const struct stored_event *event)
{
    return announcement_wants_event(&feed->types, event) && has(feed->reasons, reason_names[event->event.reason]) &&
           has(feed->verdicts, verdict_names[event->event.verdict]) && has(feed->streams, event->event.stream) &&
           has(feed->tenants, event->tenant);
}

/* An entry of scope all is for everybody; one of a tenant for its streams, and one of a stream for its tenant. */
static bool is_for(const struct feed_config *feed, GHashTable *tenants, const char *scope)
{
    const char *stream = g_str_has_prefix(scope, "stream=") ? scope + strlen("stream=") : NULL;
    const char *tenant = g_str_has_prefix(scope, "tenant=") ? scope + strlen("tenant=") : NULL;

    if (stream != NULL)
        return has(feed->streams, stream) && has(feed->tenants, g_hash_table_lookup(tenants, stream));
    if (tenant == NULL)
        return true;
    for (guint i = 0; feed->streams != NULL && i < feed->streams->len; i++) {
        if (g_strcmp0(g_hash_table_lookup(tenants, feed->streams->pdata[i]), tenant) == 0)
            return has(feed->tenants, tenant);
    }
    return feed->streams == NULL && has(feed->tenants, tenant);
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

static bool wants_change(const struct feed_config *feed, GHashTable *tenants, const struct change *change)
{
    return announcement_type_of_change(change) != NULL && announcement_wants_change(&feed->types, change) &&
           has(feed->reasons, reason_names[change->reason]) && has(feed->verdicts, verdict_names[change->verdict]) &&
           (feed->type == FEED_TYPE_FILE ? is_listed : is_for)(feed, tenants,
                                                               change->scope != NULL ? change->scope : "all");
}

bool feed_filter_wants(const struct feed_config *feed, GHashTable *tenants, const struct store_tail_item *item)
{
    return item->event != NULL ? wants_event(feed, item->event) : wants_change(feed, tenants, item->change);
}
