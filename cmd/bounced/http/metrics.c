#include "cmd/bounced/http/metrics.h"

#include <stddef.h>

#define BUILD_INFO "bounced_build_info"

static const char *const results[] = {[COUNTER_RESULT_GOOD] = "good", [COUNTER_RESULT_BAD] = "bad"};
/* Those by which connections are refused, named as in limit_names. */
static const char *const refusals[] = {
    [LIMIT_CONNECTIONS] = "connections",
    [LIMIT_MEMORY] = "memory",
    [LIMIT_ADDRESS_CONNECTIONS] = "connections-per-address",
    [LIMIT_CONNECTION_RATE] = "connection-rate",
    [LIMIT_NETWORK_CONNECTION_RATE] = "network-connection-rate",
    [LIMIT_COUNT - 1] = NULL,
};
static const char *const reply_classes[] = {NULL, NULL, "2xx", "3xx", "4xx", "5xx"};
static const char *const claims[] = {
    [COUNTER_CLAIM_PROVEN] = "proven",
    [COUNTER_CLAIM_UNPROVEN] = "unproven",
    [COUNTER_CLAIM_DEFERRED] = "deferred",
};
static const char *const lookup_answers[] = {"not-suppressed", "suppressed", "failed", "refused"};
static const char *const outcomes[] = {
    [INGEST_OUTCOME_STORED] = "stored",
    [INGEST_OUTCOME_DUPLICATE] = "duplicate",
    [INGEST_OUTCOME_CONFLICT] = "conflict",
    [INGEST_OUTCOME_FAILED] = "failed",
};

#define COUNTER(member) EXPOSITION_COUNTER, offsetof(struct counters, member), 0, NULL, NULL
#define COUNTERS(member, label, values)                                                                                \
    EXPOSITION_COUNTER, offsetof(struct counters, member), sizeof((struct counters *)NULL)->member / sizeof(guint64),  \
        label, values
#define GAUGE(member) EXPOSITION_GAUGE, offsetof(struct gauges, member), 0, NULL, NULL

const struct metric metrics[] = {
    {"bounced_connections_total", "Connections that came.", COUNTER(connections)},
    {"bounced_connections_refused_total", "Connections that were refused, by the limit.",
     COUNTERS(refused, "limit", refusals)},
    {"bounced_limit_hits_total", "How often a limit of [server] was hit.", COUNTERS(limits, "limit", limit_names)},
    {"bounced_early_talkers_total", "Peers that did not wait for the greeting, or for a reply.",
     COUNTER(early_talkers)},
    {"bounced_proxy_headers_total", "Headers of the PROXY protocol.", COUNTERS(proxy_headers, "result", results)},
    {"bounced_xclients_total", "XCLIENT commands that were followed.", COUNTER(xclients)},
    {"bounced_tls_handshakes_total", "TLS handshakes.", COUNTERS(handshakes, "result", results)},
    {"bounced_replies_total", "SMTP and LMTP replies.", COUNTERS(replies, "class", reply_classes)},
    {"bounced_messages_total", "Messages that came, by what became of them.", COUNTERS(messages, "outcome", outcomes)},
    {"bounced_message_octets_total", "Octets of the messages that were stored.", COUNTER(octets)},
    {"bounced_events_total", "What the stored messages reported.", COUNTERS(kinds, "kind", report_kind_names)},
    {"bounced_future_events_total",
     "Events that by their own time were to happen an hour later than they came, or more.", COUNTER(future)},
    {"bounced_forwards_total", "Messages for a person, by whether they go on.",
     COUNTERS(forwards, "outcome", forward_outcome_names)},
    {"bounced_dkim_verifications_total", "Signatures that reports claimed, by what came of it.",
     COUNTERS(claims, "result", claims)},
    {"bounced_lookups_total", "Questions of mail servers, by the answer.", COUNTERS(lookups, "answer", lookup_answers)},
    {"bounced_accept_failures_total", "How often there were no descriptors for a connection.",
     COUNTER(accept_failures)},
    {"bounced_sessions", "Sessions that are open.", GAUGE(sessions)},
    {"bounced_sessions_waiting", "Sessions that wait for the store.", GAUGE(waiting)},
    {"bounced_sessions_paused", "Sessions that wait for memory.", GAUGE(paused)},
    {"bounced_memory_octets", "Memory that messages take.", GAUGE(memory)},
    {"bounced_memory_limit_octets", "Memory that messages may take.", GAUGE(memory_limit)},
    {"bounced_queue_messages", "Messages that are with the store.", GAUGE(queue)},
    {"bounced_queue_limit_messages", "Messages that may be with the store.", GAUGE(queue_limit)},
    {"bounced_store_failing", "1 when the last message could not be stored.", GAUGE(store_fails)},
    {"bounced_store_short", "1 when max-size or min-free of [store] is near, or reached.", GAUGE(store_short)},
    {"bounced_waves", "Waves that are on: receivers that fail far more mail than they used to.", GAUGE(waves)},
    {"bounced_forward_failing", "1 when the last message for a person did not get through.", GAUGE(forward_fails)},
    {.name = NULL},
};

static void write_metric(GString *out, const struct metric *metric, const void *base)
{
    const guint64 *values = (const void *)((const char *)base + metric->offset);

    exposition_family(out, metric->name, metric->help, metric->type);
    if (metric->count == 0)
        exposition_sample(out, metric->name, NULL, NULL, *values);
    for (size_t i = 0; i < metric->count; i++) {
        if (metric->values[i] != NULL)
            exposition_sample(out, metric->name, metric->label, metric->values[i], values[i]);
    }
}

void metrics_write(GString *out, const struct counters *counters, const struct gauges *gauges)
{
    exposition_family(out, BUILD_INFO, "1, with the version.", EXPOSITION_GAUGE);
    exposition_sample(out, BUILD_INFO, "version", BOUNCED_VERSION, 1);
    for (const struct metric *metric = metrics; metric->name != NULL; metric++)
        write_metric(out, metric, metric->type == EXPOSITION_COUNTER ? (const void *)counters : gauges);
}
