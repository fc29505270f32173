#include "cmd/config/feed_config.h"

const char *const feed_type_names[] = {
    [FEED_TYPE_WEBHOOK] = "webhook",
    NULL,
};
const char *const feed_format_names[] = {
    [FEED_FORMAT_STANDARD] = "standard",
    [FEED_FORMAT_LISTMONK] = "listmonk",
    NULL,
};

#define ALL "type", "types", "reasons", "verdicts", "streams", "tenants"
#define DELIVERED ALL, "batch", "delay", "retry", "give-up", "timeout"

static const char *const webhook_keys[] = {DELIVERED,       "url",      "secret-file",   "format", "user",
                                           "password-file", "insecure", "allow-private", NULL};

static const char *const *const known_keys[] = {
    [FEED_TYPE_WEBHOOK] = webhook_keys,
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
    return feed;
}

struct feed_config *feed_config_ref(struct feed_config *feed)
{
    return g_atomic_rc_box_acquire(feed);
}

static void clear(void *object)
{
    struct feed_config *feed = object;
    GPtrArray *lists[] = {feed->reasons, feed->verdicts, feed->streams, feed->tenants, feed->secrets};

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (lists[i] != NULL)
            g_ptr_array_unref(lists[i]);
    }
    g_free(feed->name);
    g_free(feed->url);
    g_free(feed->user);
    g_free(feed->password);
}

void feed_config_unref(struct feed_config *feed)
{
    if (feed != NULL)
        g_atomic_rc_box_release_full(feed, clear);
}
