#include "cmd/bounced/http/traffic.h"

enum { CLASSES = 6 }; /* the first digit of a status, 1 to 5, is its index */

struct traffic {
    const struct http_route *routes;
    size_t n;                    /* of them */
    guint64 (*answers)[CLASSES]; /* in their order; then those without a route */
    guint64 problems[PROBLEMS];
    guint64 gauges[TRAFFIC_GAUGES];
};

static const char *const class_names[CLASSES] = {"0xx", "1xx", "2xx", "3xx", "4xx", "5xx"};

enum { REQUESTS, PROBLEM_KINDS, WAITING, STREAMS };
const struct traffic_metric traffic_metrics[] = {
    [REQUESTS] = {"bounced_http_requests_total", "Requests to HTTP, by the route and the class of the answer's status.",
                  EXPOSITION_COUNTER},
    [PROBLEM_KINDS] = {"bounced_http_problems_total", "Answers to HTTP that are problems, by their type.",
                       EXPOSITION_COUNTER},
    [WAITING] = {"bounced_http_waiting", "Requests that wait for what may come into the store.", EXPOSITION_GAUGE},
    [STREAMS] = {"bounced_http_streams", "Streams of what comes into the store.", EXPOSITION_GAUGE},
    {.name = NULL},
};

struct traffic *traffic_new(const struct http_route *routes)
{
    struct traffic *traffic = g_new0(struct traffic, 1);

    traffic->routes = routes;
    while (routes[traffic->n].path != NULL)
        traffic->n++;
    traffic->answers = g_malloc0_n(traffic->n + 1, sizeof *traffic->answers);
    return traffic;
}

void traffic_free(struct traffic *traffic)
{
    if (traffic == NULL)
        return;
    g_free(traffic->answers);
    g_free(traffic);
}

static void add(guint64 *number, gint64 n)
{
    __atomic_fetch_add(number, (guint64)n, __ATOMIC_RELAXED);
}

static guint64 look(const guint64 *number)
{
    return __atomic_load_n(number, __ATOMIC_RELAXED);
}

void traffic_count(struct traffic *traffic, const struct http_route *route, const struct http_answer *answer)
{
    size_t row = route != NULL ? (size_t)(route - traffic->routes) : traffic->n;

    add(&traffic->answers[row][answer->status / 100 % CLASSES], 1);
    if (answer->problem != NULL)
        add(&traffic->problems[answer->problem - problem_kinds], 1);
}

void traffic_add(struct traffic *traffic, enum traffic_gauge gauge, int n)
{
    add(&traffic->gauges[gauge], n);
}

/* --- figures ------------------------------------------------------------------------------------------------------ */

static void begin(GString *out, size_t metric)
{
    exposition_family(out, traffic_metrics[metric].name, traffic_metrics[metric].help, traffic_metrics[metric].type);
}

static void expose_route(const struct traffic *traffic, size_t row, GString *out)
{
    bool known = row < traffic->n;

    for (size_t i = 0; i < CLASSES; i++) {
        const struct exposition_label labels[] = {
            {"method", known ? http_method_names[traffic->routes[row].method] : ""},
            {"route", known ? traffic->routes[row].path : ""},
            {"class", class_names[i]},
        };
        guint64 n = look(&traffic->answers[row][i]);

        if (n > 0)
            exposition_labelled(out, traffic_metrics[REQUESTS].name, labels, G_N_ELEMENTS(labels), n);
    }
}

void traffic_expose(const struct traffic *traffic, GString *out)
{
    begin(out, REQUESTS);
    for (size_t row = 0; row <= traffic->n; row++)
        expose_route(traffic, row, out);
    begin(out, PROBLEM_KINDS);
    for (size_t i = 0; i < PROBLEMS; i++)
        exposition_sample(out, traffic_metrics[PROBLEM_KINDS].name, "type", problem_kinds[i].name,
                          look(&traffic->problems[i]));
    begin(out, WAITING);
    exposition_sample(out, traffic_metrics[WAITING].name, NULL, NULL, look(&traffic->gauges[TRAFFIC_WAITING]));
    begin(out, STREAMS);
    exposition_sample(out, traffic_metrics[STREAMS].name, NULL, NULL, look(&traffic->gauges[TRAFFIC_STREAMS]));
}
