#include "cmd/bounced/http/scrape.h"

#include "cmd/bounced/desk/desk.h"
#include "cmd/bounced/http/http_parts.h"
#include "cmd/bounced/http/metrics.h"
#include "cmd/bounced/http/traffic.h"
#include "cmd/bounced/out/feeds.h"
#include "cmd/bounced/peers/receiver.h"

void scrape_metrics(struct http_call *call)
{
    const struct http_parts *parts = call->parts;
    struct gauges gauges;

    receiver_read_gauges(parts->receiver, &gauges);
    desk_count(parts->desk, parts->counters);
    http_answer_begin(&call->answer, 200, EXPOSITION_CONTENT_TYPE);
    metrics_write(call->answer.body, parts->counters, &gauges);
    feeds_expose(parts->feeds, call->answer.body);
    traffic_expose(parts->traffic, call->answer.body);
}
