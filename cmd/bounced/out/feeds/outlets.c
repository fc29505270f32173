#include "cmd/bounced/out/feeds/outlets.h"

#include "cmd/bounced/out/feeds/kafka_outlet.h"
#include "cmd/bounced/out/feeds/list_outlet.h"
#include "cmd/bounced/out/feeds/notice_outlet.h"
#include "cmd/bounced/out/feeds/redis_outlet.h"
#include "cmd/bounced/out/feeds/webhook.h"
#include "cmd/bounced/out/feeds/worker_outlet.h"

const struct outlet_type *const outlets[] = {
    [FEED_TYPE_WEBHOOK] = &webhook,    [FEED_TYPE_FILE] = &list_outlet,   [FEED_TYPE_EXEC] = &worker_outlet,
    [FEED_TYPE_MAIL] = &notice_outlet, [FEED_TYPE_REDIS] = &redis_outlet, [FEED_TYPE_KAFKA] = &kafka_outlet,
};
