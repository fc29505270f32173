#include "cmd/bounced/out/feeds/kafka_outlet.h"

#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct kafka_outlet {
    struct outlet_parts parts;
    rd_kafka_t *producer; /* NULL: the settings are wrong, as `problem` says */
    char *problem;        /* the last that the library told; NULL: none */
    int news;             /* an eventfd: the library has something to tell, or we have */
    struct event *told;
    guint left; /* items of the delivery that are not acknowledged */
    bool delivering;
    char *why; /* one of them was not; NULL: all were */
};

/* --- what librdkafka tells, within rd_kafka_poll() ---------------------------------------------------------------- */

static void on_record(rd_kafka_t *producer G_GNUC_UNUSED, const rd_kafka_message_t *record, void *data)
{
    struct kafka_outlet *outlet = data;

    if (record->err != RD_KAFKA_RESP_ERR_NO_ERROR && outlet->why == NULL)
        outlet->why = g_strjoin(": ", rd_kafka_err2str(record->err), outlet->problem, NULL);
    outlet->left--;
}

static void on_problem(rd_kafka_t *producer G_GNUC_UNUSED, int code G_GNUC_UNUSED, const char *reason, void *data)
{
    struct kafka_outlet *outlet = data;

    g_free(outlet->problem);
    outlet->problem = g_strdup(reason);
}

/* --- an outlet ---------------------------------------------------------------------------------------------------- */

/* The operator's own settings come last. An idempotent producer keeps the order when it sends records again, and waits
 * for all replicas. */
static bool set_all(struct kafka_outlet *outlet, rd_kafka_conf_t *settings, char *problem, size_t size)
{
    const struct feed_config *config = outlet->parts.config;
    g_autofree char *timeout = g_strdup_printf("%" G_GINT64_FORMAT, config->timeout * 1000);
    const char *const ours[][2] = {
        {"bootstrap.servers", config->brokers},
        {"client.id", "bounced"},
        {"enable.idempotence", "true"},
        {"message.timeout.ms", timeout},
        {"security.protocol", config->insecure ? "plaintext" : "ssl"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(ours); i++) {
        if (rd_kafka_conf_set(settings, ours[i][0], ours[i][1], problem, size) != RD_KAFKA_CONF_OK)
            return false;
    }
    for (guint i = 0; i < config->properties->len; i++) {
        const char *line = config->properties->pdata[i], *value = strchr(line, '=');
        g_autofree char *name = g_strndup(line, (gsize)(value - line));

        if (rd_kafka_conf_set(settings, g_strstrip(name), value + 1, problem, size) != RD_KAFKA_CONF_OK)
            return false;
    }
    rd_kafka_conf_set_dr_msg_cb(settings, on_record);
    rd_kafka_conf_set_error_cb(settings, on_problem);
    rd_kafka_conf_set_log_cb(settings, NULL);
    rd_kafka_conf_set_opaque(settings, outlet);
    return true;
}

static void open_producer(struct kafka_outlet *outlet)
{
    static const guint64 one = 1;
    rd_kafka_conf_t *settings = rd_kafka_conf_new();
    char problem[256] = "";

    if (set_all(outlet, settings, problem, sizeof problem))
        outlet->producer = rd_kafka_new(RD_KAFKA_PRODUCER, settings, problem, sizeof problem);
    if (outlet->producer == NULL) {
        rd_kafka_conf_destroy(settings);
        g_free(outlet->problem);
        outlet->problem = g_strdup(problem);
        return;
    }
    rd_kafka_queue_t *queue = rd_kafka_queue_get_main(outlet->producer);
    rd_kafka_queue_io_event_enable(queue, outlet->news, &one, sizeof one);
    rd_kafka_queue_destroy(queue);
}

static void close_producer(struct kafka_outlet *outlet)
{
    if (outlet->producer == NULL)
        return;
    rd_kafka_purge(outlet->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_poll(outlet->producer, 0);
    rd_kafka_destroy(outlet->producer);
    outlet->producer = NULL;
}

static void on_news(evutil_socket_t fd, short what G_GNUC_UNUSED, void *data)
{
    struct kafka_outlet *outlet = data;
    g_autofree char *why = NULL;
    guint64 count;

    if (read(fd, &count, sizeof count) < 0)
        return;
    while (outlet->producer != NULL && rd_kafka_poll(outlet->producer, 0) > 0)
        ;
    if (!outlet->delivering || outlet->left > 0)
        return;
    outlet->delivering = false;
    why = g_steal_pointer(&outlet->why);
    if (why == NULL)
        g_clear_pointer(&outlet->problem, g_free);
    if (why != NULL && outlet->producer != NULL && rd_kafka_fatal_error(outlet->producer, NULL, 0) != 0) {
        close_producer(outlet); /* it would refuse all that comes */
        open_producer(outlet);
    }
    const struct outlet_end end = {.why = why};
    outlet->parts.end(outlet->parts.owner, &end);
}

static void *open_kafka(const struct outlet_parts *parts)
{
    struct kafka_outlet *outlet = g_new0(struct kafka_outlet, 1);

    outlet->parts = *parts;
    outlet->news = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (outlet->news < 0)
        g_error("cannot make an eventfd: %s", g_strerror(errno));
    outlet->told = event_new(parts->shared->base, outlet->news, EV_READ | EV_PERSIST, on_news, outlet);
    event_add(outlet->told, NULL);
    open_producer(outlet);
    return outlet;
}

static rd_kafka_resp_err_t produce(struct kafka_outlet *outlet, const struct feed_item *item)
{
    const char *key = item->recipient;
    size_t length = key != NULL ? strlen(key) : 0;

    return rd_kafka_producev(outlet->producer, RD_KAFKA_V_TOPIC(outlet->parts.config->topic),
                             RD_KAFKA_V_KEY(key, length), RD_KAFKA_V_VALUE(item->json, strlen(item->json)),
                             RD_KAFKA_V_HEADER("id", item->id, -1), RD_KAFKA_V_HEADER("type", item->type, -1),
                             RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
}

/* An item that cannot even be queued is told of on the loop. */
static void deliver(void *data, const GPtrArray *items)
{
    struct kafka_outlet *outlet = data;

    outlet->delivering = true;
    if (outlet->producer == NULL)
        outlet->why = g_strdup(outlet->problem);
    for (guint i = 0; outlet->why == NULL && i < items->len; i++) {
        rd_kafka_resp_err_t error = produce(outlet, items->pdata[i]);

        if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
            outlet->left++;
        else
            outlet->why = g_strdup(rd_kafka_err2str(error));
    }
    eventfd_write(outlet->news, 1);
}

static void close_kafka(void *data)
{
    struct kafka_outlet *outlet = data;

    close_producer(outlet);
    event_free(outlet->told);
    close(outlet->news);
    g_free(outlet->problem);
    g_free(outlet->why);
    g_free(outlet);
}

const struct outlet_type kafka_outlet = {.open = open_kafka, .deliver = deliver, .close = close_kafka};
