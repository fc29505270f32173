/* The table of metrics against what it reads, and against bounced(8). */
#include "cmd/bounced/http/metrics.h"
#include "cmd/bounced/http/routes.h"
#include "cmd/bounced/http/traffic.h"
#include "cmd/bounced/out/feeds.h"

#include <string.h>

/* Every value has a number of its own, so that a wrong offset shows. */
static void number_all(void *values, size_t size, guint64 first)
{
    for (size_t i = 0; i < size / sizeof(guint64); i++)
        ((guint64 *)values)[i] = first + i;
}

static bool has_line(const GString *text, const char *line)
{
    return strstr(text->str, line) != NULL;
}

/* Each number is there once, but for those that have no name: replies of classes 0 and 1, pending messages, those that
 * are for nobody, no limit, and limits by which no connection is refused. */
static void test_values(void)
{
    enum { FIRST_COUNTER = 1000, FIRST_GAUGE = 5000, UNNAMED = 4 + 1 + (LIMIT_COUNT - 5) };
    g_autoptr(GString) out = g_string_new(NULL);
    g_auto(GStrv) lines = NULL;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
    struct counters counters;
    struct gauges gauges;
    guint64 numbers[sizeof counters / sizeof(guint64) + sizeof gauges / sizeof(guint64)];
    size_t count = 0;

    number_all(&counters, sizeof counters, FIRST_COUNTER);
    number_all(&gauges, sizeof gauges, FIRST_GAUGE);
    metrics_write(out, &counters, &gauges);
    lines = g_strsplit(out->str, "\n", -1);
    for (char **line = lines; **line != '\0'; line++) {
        if (**line == '#' || g_str_has_prefix(*line, "bounced_build_info"))
            continue;
        g_assert_cmpuint(count, <, G_N_ELEMENTS(numbers));
        numbers[count] = g_ascii_strtoull(strrchr(*line, ' ') + 1, NULL, 10);
        g_assert_cmpuint(numbers[count], >=, FIRST_COUNTER);
        g_test_message("%s", *line);
        g_assert_true(g_hash_table_add(seen, &numbers[count++]));
    }
    g_assert_cmpuint(count, ==, G_N_ELEMENTS(numbers) - UNNAMED);
    g_assert_true(
        has_line(out, "# TYPE bounced_build_info gauge\nbounced_build_info{version=\"" BOUNCED_VERSION "\"} 1\n"));
    g_assert_true(has_line(out, "# TYPE bounced_connections_total counter\nbounced_connections_total 1000\n"));
    g_assert_true(has_line(out, "bounced_sessions 5000\n"));
}

static void test_labels(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    struct counters counters = {0};
    struct gauges gauges = {0};

    counters.limits[LIMIT_MESSAGE_RATE] = 1;
    counters.refused[LIMIT_ADDRESS_CONNECTIONS] = 2;
    counters.replies[4] = 3;
    counters.replies[5] = 7;
    counters.messages[INGEST_OUTCOME_DUPLICATE] = 4;
    counters.kinds[REPORT_KIND_DELAY] = 5;
    counters.handshakes[COUNTER_RESULT_BAD] = 6;
    metrics_write(out, &counters, &gauges);
    g_assert_true(has_line(out, "\nbounced_limit_hits_total{limit=\"message-rate\"} 1\n"));
    g_assert_true(has_line(out, "\nbounced_connections_refused_total{limit=\"connections-per-address\"} 2\n"));
    g_assert_true(has_line(out, "\nbounced_replies_total{class=\"4xx\"} 3\n"));
    g_assert_true(has_line(out, "\nbounced_replies_total{class=\"5xx\"} 7\n"));
    g_assert_true(has_line(out, "\nbounced_messages_total{outcome=\"duplicate\"} 4\n"));
    g_assert_true(has_line(out, "\nbounced_events_total{kind=\"delay\"} 5\n"));
    g_assert_true(has_line(out, "\nbounced_tls_handshakes_total{result=\"bad\"} 6\n"));
}

/* Names and types are as Prometheus wants them, and the manual has each once and no others. */
static void test_manual(void)
{
    g_autofree char *path = g_build_filename(g_getenv("SOURCE"), "cmd/bounced/bounced.8", NULL);
    g_autofree char *page = NULL;
    g_auto(GStrv) lines = NULL;
    guint documented = 0, known = 1; /* the build's */

    g_assert_true(g_file_get_contents(path, &page, NULL, NULL));
    lines = g_strsplit(page, "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        documented += g_str_has_prefix(*line, ".It Ic bounced_");
    for (const struct metric *metric = metrics; metric->name != NULL; metric++, known++) {
        g_autofree char *item = g_strdup_printf(".It Ic %s", metric->name);

        g_test_message("%s", metric->name);
        g_assert_true(g_strv_contains((const char *const *)lines, item));
        g_assert_cmpint(g_str_has_suffix(metric->name, "_total"), ==, metric->type == EXPOSITION_COUNTER);
        g_assert_true(g_str_has_suffix(metric->help, "."));
    }
    for (const struct feeds_metric *metric = feeds_metrics; metric->name != NULL; metric++, known++) {
        g_autofree char *item = g_strdup_printf(".It Ic %s", metric->name);

        g_test_message("%s", metric->name);
        g_assert_true(g_strv_contains((const char *const *)lines, item));
        g_assert_true(g_str_has_suffix(metric->help, "."));
    }
    for (const struct traffic_metric *metric = traffic_metrics; metric->name != NULL; metric++, known++) {
        g_autofree char *item = g_strdup_printf(".It Ic %s", metric->name);

        g_test_message("%s", metric->name);
        g_assert_true(g_strv_contains((const char *const *)lines, item));
        g_assert_cmpint(g_str_has_suffix(metric->name, "_total"), ==, metric->type == EXPOSITION_COUNTER);
        g_assert_true(g_str_has_suffix(metric->help, "."));
    }
    g_assert_cmpuint(documented, ==, known);
}

/* By the route, or by none, and the class of the status; problems by their type. */
static void test_traffic(void)
{
    struct traffic *traffic = traffic_new(http_routes);
    g_autoptr(GString) out = g_string_new(NULL);
    struct http_answer answer;

    http_answer_init(&answer);
    http_answer_begin(&answer, 204, NULL);
    for (const struct http_route *route = http_routes; route->path != NULL; route++)
        traffic_count(traffic, route, &answer);
    http_answer_problem(&answer, PROBLEM_NOT_FOUND, NULL);
    traffic_count(traffic, NULL, &answer);
    traffic_count(traffic, NULL, &answer);
    http_answer_problem(&answer, PROBLEM_UNAVAILABLE, NULL);
    traffic_count(traffic, NULL, &answer);
    http_answer_clear(&answer);
    traffic_add(traffic, TRAFFIC_WAITING, 3);
    traffic_add(traffic, TRAFFIC_STREAMS, 5);
    traffic_add(traffic, TRAFFIC_STREAMS, -1);
    traffic_expose(traffic, out);
    for (const struct http_route *route = http_routes; route->path != NULL; route++) {
        g_autofree char *line =
            g_strdup_printf("\nbounced_http_requests_total{method=\"%s\",route=\"%s\",class=\"2xx\"} 1\n",
                            http_method_names[route->method], route->path);
        g_test_message("%s", line);
        g_assert_true(has_line(out, line));
    }
    g_assert_true(has_line(out, "\nbounced_http_requests_total{method=\"\",route=\"\",class=\"4xx\"} 2\n"));
    g_assert_true(has_line(out, "\nbounced_http_requests_total{method=\"\",route=\"\",class=\"5xx\"} 1\n"));
    g_assert_true(has_line(out, "\nbounced_http_problems_total{type=\"not-found\"} 2\n"));
    g_assert_true(has_line(out, "\nbounced_http_problems_total{type=\"forbidden\"} 0\n"));
    g_assert_true(has_line(out, "\nbounced_http_waiting 3\n"));
    g_assert_true(has_line(out, "\nbounced_http_streams 4\n"));
    traffic_free(traffic);
}

static void test_lookups(void)
{
    static const char *const answers[] = {"not-suppressed", "suppressed", "failed", "refused"};
    g_autoptr(GString) out = g_string_new(NULL);
    struct counters counters = {0};
    struct gauges gauges = {0};

    for (size_t i = 0; i < G_N_ELEMENTS(counters.lookups); i++)
        counters.lookups[i] = i + 1;
    metrics_write(out, &counters, &gauges);
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        g_autofree char *line = g_strdup_printf("\nbounced_lookups_total{answer=\"%s\"} %zu\n", answers[i], i + 1);
        g_assert_true(has_line(out, line));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/metrics/values", test_values);
    g_test_add_func("/metrics/labels", test_labels);
    g_test_add_func("/metrics/manual", test_manual);
    g_test_add_func("/metrics/lookups", test_lookups);
    g_test_add_func("/metrics/traffic", test_traffic);
    return g_test_run();
}
