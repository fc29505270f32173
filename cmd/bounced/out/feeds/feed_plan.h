/* feed_plan.h: what a config says to the feeds, as a copy of their own: a reload replaces it as a whole; and which of
 * what comes into a store each feed tells. */
#pragma once

#include "cmd/config/config.h"
#include "store/tail.h"

struct feed_plan {
    GPtrArray *feeds;    /* of struct feed_config *, each counted */
    GHashTable *tenants; /* of a stream the tenant, both char * */
    char *wording;       /* of a reply to mail for who is on the list; see wording.h */
    char *hostname;
    struct smart_host *smart_host; /* counted; NULL: there is none */
};

struct feed_plan *feed_plan_new(const struct config *config);
/* NULL is fine. */
void feed_plan_free(struct feed_plan *plan);

/* Does a feed of the plan tell this? Pure. */
bool feed_plan_wants(const struct feed_plan *plan, const struct feed_config *feed, const struct store_tail_item *item);

typedef struct feed_plan FeedPlan;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FeedPlan, feed_plan_free)
