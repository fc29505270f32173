#include "cmd/bounced/out/feeds/outlets.h"

#include "cmd/bounced/out/feeds/webhook.h"

const struct outlet_type *const outlets[] = {
    [FEED_TYPE_WEBHOOK] = &webhook,
};
