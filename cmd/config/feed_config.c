#include "cmd/config/feed_config.h"

const char *const feed_type_names[] = {
    [FEED_TYPE_WEBHOOK] = "webhook",
    [FEED_TYPE_FILE] = "file",
    [FEED_TYPE_EXEC] = "exec",
    [FEED_TYPE_MAIL] = "mail",
    [FEED_TYPE_REDIS] = "redis",
    [FEED_TYPE_KAFKA] = "kafka",
    NULL,
};
const char *const feed_format_names[] = {
    [FEED_FORMAT_STANDARD] = "standard",
    [FEED_FORMAT_LISTMONK] = "listmonk",
    [FEED_FORMAT_MAUTIC] = "mautic",
    [FEED_FORMAT_TEMPLATE] = "template",
    NULL,
};
const char *const feed_content_names[] = {
    [FEED_CONTENT_JSON] = "application/json",
    [FEED_CONTENT_FORM] = "application/x-www-form-urlencoded",
    [FEED_CONTENT_TEXT] = "text/plain",
    NULL,
};

const char *const feed_to_names[] = {"sender", NULL};
const char *const feed_mode_names[] = {"0600", "0640", "0644", NULL};

mode_t feed_mode(const struct feed_config *feed)
{
    return (mode_t)g_ascii_strtoull(feed_mode_names[feed->mode], NULL, 8);
}

#define ALL "type", "retry", "give-up"
#define FILTERED ALL, "reasons", "verdicts", "streams", "tenants"
#define TOLD FILTERED, "types", "batch", "delay", "timeout"

static const char *const webhook_keys[] = {
    TOLD,       "url",           "secret-file",   "format",       "user", "password-file",
    "insecure", "allow-private", "template-file", "content-type", NULL};
static const char *const file_keys[] = {ALL, "path", "format", "every", "mode", "stream", "tenant", NULL};
static const char *const exec_keys[] = {TOLD, "command", NULL};
static const char *const mail_keys[] = {FILTERED, "to", "from", "domains", "daily", NULL};
static const char *const redis_keys[] = {TOLD, "address", "key", "length", "user", "password-file", "insecure", NULL};
static const char *const kafka_keys[] = {TOLD, "brokers", "topic", "properties-file", "insecure", NULL};

static const char *const *const known_keys[] = {
    [FEED_TYPE_WEBHOOK] = webhook_keys, [FEED_TYPE_FILE] = file_keys,   [FEED_TYPE_EXEC] = exec_keys,
    [FEED_TYPE_MAIL] = mail_keys,       [FEED_TYPE_REDIS] = redis_keys, [FEED_TYPE_KAFKA] = kafka_keys,
};

bool feed_knows(enum feed_type type, const char *key)
{
    return g_strv_contains(known_keys[type], key);
}

struct feed_config *feed_config_new(const char *name)
{
    struct feed_config *feed = g_atomic_rc_box_new0(struct feed_config);

    feed->name = g_strdup(name);
    feed->secrets = g_ptr_array_new_with_free_func(g_free);
    feed->properties = g_ptr_array_new_with_free_func(g_free);
    return feed;
}

struct feed_config *feed_config_ref(struct feed_config *feed)
{
    return g_atomic_rc_box_acquire(feed);
}

static void clear(void *object)
{
    struct feed_config *feed = object;
    char *texts[] = {feed->name,   feed->url,  feed->user,    feed->password,  feed->body,    feed->path, feed->stream,
                     feed->tenant, feed->from, feed->address, feed->redis_key, feed->brokers, feed->topic};

    interest_clear(&feed->interest);
    g_ptr_array_unref(feed->secrets);
    g_ptr_array_unref(feed->properties);
    if (feed->domains != NULL)
        g_ptr_array_unref(feed->domains);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(feed->command);
}

void feed_config_unref(struct feed_config *feed)
{
    if (feed != NULL)
        g_atomic_rc_box_release_full(feed, clear);
}
