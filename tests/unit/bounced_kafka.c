/* Records to librdkafka's mock cluster: what they are made of and their order, and what becomes of a delivery that the
 * brokers refuse, that reaches none, or whose settings are wrong. */
#include "cmd/bounced/out/feeds/kafka_outlet.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <string.h>

enum { PATIENCE = 30000 /* milliseconds */ };
enum { PRODUCE = 0, INIT_PRODUCER_ID = 22 /* requests of Kafka's protocol */ };

struct test {
    rd_kafka_t *holder; /* of the cluster */
    rd_kafka_mock_cluster_t *cluster;
    struct outlet_shared shared;
    struct feed_config *config;
    GPtrArray *items;
    void *outlet;
    unsigned ends;
    char *why;
};

static const struct feed_item items[] = {
    {.id = (char *)"evt_1",
     .type = (char *)"report.bounce",
     .json = (char *)"{\"n\":1}",
     .recipient = (char *)"a@example.org"},
    {.id = (char *)"evt_2", .type = (char *)"report.other", .json = (char *)"{\"n\":2}"},
    {.id = (char *)"evt_3",
     .type = (char *)"report.bounce",
     .json = (char *)"{\"n\":3}",
     .recipient = (char *)"a@example.org"},
};

static void on_end(void *owner, const struct outlet_end *end)
{
    struct test *test = owner;

    test->ends++;
    g_free(test->why);
    test->why = g_strdup(end->why);
    event_base_loopbreak(test->shared.base);
}

static rd_kafka_t *client_new(rd_kafka_type_t type, const char *name, const char *value)
{
    rd_kafka_conf_t *settings = rd_kafka_conf_new();
    char problem[256];

    if (name != NULL)
        g_assert_cmpint(rd_kafka_conf_set(settings, name, value, problem, sizeof problem), ==, RD_KAFKA_CONF_OK);
    if (type == RD_KAFKA_CONSUMER)
        g_assert_cmpint(rd_kafka_conf_set(settings, "group.id", "test", problem, sizeof problem), ==, RD_KAFKA_CONF_OK);
    rd_kafka_conf_set_log_cb(settings, NULL);
    rd_kafka_t *client = rd_kafka_new(type, settings, problem, sizeof problem);
    g_assert_nonnull(client);
    return client;
}

static void begin_by(struct test *test, const char *brokers, const char *property, bool insecure)
{
    *test = (struct test){.holder = client_new(RD_KAFKA_PRODUCER, NULL, NULL)};
    test->cluster = rd_kafka_mock_cluster_new(test->holder, 1);
    rd_kafka_mock_topic_create(test->cluster, "events", 1, 1);
    test->shared.base = event_base_new();
    test->config = feed_config_new("stream");
    test->config->brokers = g_strdup(brokers != NULL ? brokers : rd_kafka_mock_cluster_bootstraps(test->cluster));
    test->config->topic = g_strdup("events");
    test->config->insecure = insecure;
    test->config->timeout = brokers != NULL || !insecure ? 1 : PATIENCE / 1000;
    if (property != NULL)
        g_ptr_array_add(test->config->properties, g_strdup(property));
    test->items = g_ptr_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(items); i++)
        g_ptr_array_add(test->items, (gpointer)&items[i]);
    const struct outlet_parts parts = {.shared = &test->shared, .config = test->config, .end = on_end, .owner = test};
    test->outlet = kafka_outlet.open(&parts);
}

static void begin(struct test *test, const char *brokers, const char *property)
{
    begin_by(test, brokers, property, true);
}

/* Until the delivery has ended. */
static void deliver(struct test *test)
{
    unsigned before = test->ends;

    kafka_outlet.deliver(test->outlet, test->items);
    g_assert_cmpuint(test->ends, ==, before);
    while (test->ends == before)
        event_base_loop(test->shared.base, EVLOOP_ONCE);
    g_assert_cmpuint(test->ends, ==, before + 1);
}

static void finish(struct test *test)
{
    kafka_outlet.close(test->outlet);
    event_base_free(test->shared.base);
    rd_kafka_mock_cluster_destroy(test->cluster);
    rd_kafka_destroy(test->holder);
    g_ptr_array_unref(test->items);
    feed_config_unref(test->config);
    g_free(test->why);
}

static void check_record(const rd_kafka_message_t *record, const struct feed_item *item)
{
    rd_kafka_headers_t *headers;
    const void *id;
    size_t size;

    g_assert_cmpint(record->err, ==, RD_KAFKA_RESP_ERR_NO_ERROR);
    g_assert_cmpmem(record->payload, record->len, item->json, strlen(item->json));
    g_assert_cmpmem(record->key, record->key_len, item->recipient,
                    item->recipient != NULL ? strlen(item->recipient) : 0);
    g_assert_cmpint(rd_kafka_message_headers(record, &headers), ==, RD_KAFKA_RESP_ERR_NO_ERROR);
    g_assert_cmpint(rd_kafka_header_get_last(headers, "id", &id, &size), ==, RD_KAFKA_RESP_ERR_NO_ERROR);
    g_assert_cmpmem(id, size, item->id, strlen(item->id));
}

static void check_topic(struct test *test)
{
    rd_kafka_t *consumer = client_new(RD_KAFKA_CONSUMER, "bootstrap.servers", test->config->brokers);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);

    rd_kafka_topic_partition_list_add(topics, "events", 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
    g_assert_cmpint(rd_kafka_assign(consumer, topics), ==, RD_KAFKA_RESP_ERR_NO_ERROR);
    for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
        rd_kafka_message_t *record = rd_kafka_consumer_poll(consumer, PATIENCE);
        g_assert_nonnull(record);
        check_record(record, &items[i]);
        rd_kafka_message_destroy(record);
    }
    rd_kafka_topic_partition_list_destroy(topics);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
}

static void test_delivered(void)
{
    struct test test;

    begin(&test, NULL, "linger.ms = 0");
    deliver(&test);
    g_assert_cmpstr(test.why, ==, NULL);
    check_topic(&test);
    finish(&test);
}

/* It is tried again by the owner, and then good. */
static void test_refused(void)
{
    struct test test;

    begin(&test, NULL, NULL);
    rd_kafka_mock_push_request_errors(test.cluster, PRODUCE, 1, RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS);
    deliver(&test);
    g_assert_nonnull(strstr(test.why, "required acks"));
    deliver(&test);
    g_assert_cmpstr(test.why, ==, NULL);
    finish(&test);
}

static void test_unreachable(void)
{
    struct test test;

    begin(&test, "127.0.0.1:1", NULL);
    deliver(&test);
    g_assert_nonnull(strstr(test.why, "timed out"));
    g_assert_nonnull(strstr(test.why, "127.0.0.1:1"));
    finish(&test);
}

static void test_settings(void)
{
    struct test test;

    begin(&test, NULL, "no.such.setting=1");
    deliver(&test);
    g_assert_nonnull(strstr(test.why, "no.such.setting"));
    finish(&test);
}

/* The producer is idempotent, so that brokers keep the order; one whose id was refused for good is made anew. */
static void test_fatal(void)
{
    struct test test;

    begin(&test, NULL, NULL);
    rd_kafka_mock_push_request_errors(test.cluster, INIT_PRODUCER_ID, 1,
                                      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED);
    deliver(&test);
    g_assert_nonnull(strstr(test.why, "atal"));
    deliver(&test);
    g_assert_cmpstr(test.why, ==, NULL);
    check_topic(&test);
    finish(&test);
}

/* The mock cluster knows no TLS. */
static void test_tls(void)
{
    struct test test;

    begin_by(&test, NULL, NULL, false);
    deliver(&test);
    g_assert_nonnull(strstr(test.why, "SSL"));
    finish(&test);
}

/* One that is closed in the midst of a delivery does not end it. */
static void test_closed(void)
{
    struct test test;

    begin(&test, "127.0.0.1:1", NULL);
    kafka_outlet.deliver(test.outlet, test.items);
    finish(&test);
    g_assert_cmpuint(test.ends, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kafka/delivered", test_delivered);
    g_test_add_func("/kafka/fatal", test_fatal);
    g_test_add_func("/kafka/refused", test_refused);
    g_test_add_func("/kafka/unreachable", test_unreachable);
    g_test_add_func("/kafka/settings", test_settings);
    g_test_add_func("/kafka/tls", test_tls);
    g_test_add_func("/kafka/closed", test_closed);
    return g_test_run();
}
