/* feed_filter.h: what of a store's tail a feed tells. Pure. */
#pragma once

#include <stdbool.h>

#include "cmd/config/feed_config.h"
#include "store/tail.h"

/* `tenants` of a stream the tenant, both char *. */
bool feed_filter_wants(const struct feed_config *feed, GHashTable *tenants, const struct store_tail_item *item);
