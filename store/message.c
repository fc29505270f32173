/* Messages by their digests. */
#include <string.h>
#include <zstd.h>

#include "store/state.h"

static bool read_digest(const char *hex, guint8 digest[32])
{
    if (strlen(hex) != 64)
        return false;
    for (gsize i = 0; i < 32; i++) {
        int high = g_ascii_xdigit_value(hex[2 * i]);
        int low = g_ascii_xdigit_value(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        digest[i] = (guint8)(high << 4 | low);
    }
    return true;
}

static GBytes *decompress(const struct store *store, const char *digest, const struct query *query, GError **error)
{
    gint64 size = query_number_at(query, 0);
    gsize length;
    const void *bytes = query_blob_at(query, 1, &length);
    char *raw = size < 0 ? NULL : g_try_malloc((gsize)size + 1);

    if (raw != NULL && ZSTD_decompress(raw, (gsize)size, bytes, length) == (gsize)size)
        return g_bytes_new_take(raw, (gsize)size);
    g_free(raw);
    g_set_error(error, STORE_ERROR, STORE_ERROR_CORRUPT, "%s: the raw message %s cannot be decompressed",
                connection_path(store->connection), digest);
    return NULL;
}

GBytes *store_message_raw(struct store *store, const char *digest, GError **error)
{
    guint8 bytes[32];
    GBytes *raw = NULL;
    bool row;

    if (!read_digest(digest, bytes)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "\"%s\" is no digest: expected 64 hex digits", digest);
        return NULL;
    }
    struct query query = query_new(store->connection, SQL_RAW);
    query_blob(&query, bytes, sizeof bytes);
    if (!query_step(&query, &row, error))
        return NULL;
    if (row) {
        raw = decompress(store, digest, &query, error);
        query_end(&query);
    }
    return raw;
}
