/* traffic.h: what the service of HTTP has answered since its start, and who waits. Written on its thread, and read on
 * any. */
#pragma once

#include "cmd/bounced/http/routing/http_route.h"
#include "reports/exposition.h"

/* The metrics; the last row has no name. */
struct traffic_metric {
    const char *name, *help;
    enum exposition_type type;
};
extern const struct traffic_metric traffic_metrics[];

struct traffic;

/* Of these routes, which end with one whose path is NULL; borrowed. */
struct traffic *traffic_new(const struct http_route *routes);
void traffic_free(struct traffic *traffic);

/* An answer begins; `route` is NULL if there is none for the request. */
void traffic_count(struct traffic *traffic, const struct http_route *route, const struct http_answer *answer);

enum traffic_gauge {
    TRAFFIC_WAITING, /* requests that wait for what may come */
    TRAFFIC_STREAMS, /* answers that go on for as long as the client likes */
    TRAFFIC_GAUGES
};
void traffic_add(struct traffic *traffic, enum traffic_gauge gauge, int n);

/* Appends all in the form of exposition.h: of the routes what has been answered at all. */
void traffic_expose(const struct traffic *traffic, GString *out);
