/* feed_plan.h: what a config says to the feeds, as a copy of their own: a reload replaces it as a whole. */
#pragma once

#include "cmd/config/config.h"

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

typedef struct feed_plan FeedPlan;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FeedPlan, feed_plan_free)
