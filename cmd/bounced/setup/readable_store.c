#include "cmd/bounced/setup/readable_store.h"

enum {
    BUSY_TIMEOUT = 200, /* milliseconds */
    LOOK = 100000,      /* microseconds after which it is looked whether the file is another one */
};

struct readable_store {
    char *path;
    struct store *store; /* NULL: it is opened when it is needed */
    gint64 again, look;  /* not before then; monotonic microseconds */
};

struct readable_store *readable_store_new(const char *path)
{
    struct readable_store *readable = g_new0(struct readable_store, 1);

    readable->path = g_strdup(path);
    return readable;
}

void readable_store_free(struct readable_store *readable)
{
    if (readable == NULL)
        return;
    store_free(readable->store);
    g_free(readable->path);
    g_free(readable);
}

struct store *readable_store_get(struct readable_store *readable, GError **error)
{
    const struct store_settings settings = {
        .path = readable->path, .mode = STORE_MODE_ASK, .busy_timeout = BUSY_TIMEOUT};

    const gint64 now = g_get_monotonic_time();

    if (readable->store != NULL && now >= readable->look) {
        readable->look = now + LOOK;
        if (store_moved(readable->store))
            g_clear_pointer(&readable->store, store_free);
    }
    if (readable->store == NULL && now >= readable->again) {
        readable->store = store_open(&settings, error);
        if (readable->store == NULL)
            readable->again = now + G_TIME_SPAN_SECOND;
    }
    return readable->store;
}

struct store *readable_store_open(const struct readable_store *readable)
{
    return readable->store;
}

void readable_store_failed(struct readable_store *readable, const GError *error)
{
    if (g_error_matches(error, STORE_ERROR, STORE_ERROR_BUSY))
        return;
    g_clear_pointer(&readable->store, store_free);
    readable->again = g_get_monotonic_time() + G_TIME_SPAN_SECOND;
}
