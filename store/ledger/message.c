/* Messages by their digests. */
#include <string.h>
#include <zstd.h>

#include "store/ledger/state.h"

/* All digests that begin so: from `first` to `last`. */
struct range {
    guint8 first[DIGEST_SIZE];
    guint8 last[DIGEST_SIZE];
};

static bool read_prefix(const char *prefix, gsize least, struct range *range, GError **error)
{
    gsize length = strlen(prefix);
    bool good = length >= least && length <= (gsize)2 * DIGEST_SIZE;

    memset(range->first, 0, DIGEST_SIZE);
    memset(range->last, 0xff, DIGEST_SIZE);
    for (gsize i = 0; good && i < length; i++) {
        int digit = g_ascii_xdigit_value(prefix[i]);
        unsigned shift = i % 2 == 0 ? 4 : 0;

        good = digit >= 0;
        range->first[i / 2] |= (guint8)((unsigned)digit << shift);
        range->last[i / 2] &= (guint8) ~((unsigned)(15 - digit) << shift);
    }
    if (!good)
        g_set_error(error, STORE_ERROR, STORE_ERROR_DIGEST, "\"%s\" is no digest: expected %zu to %d hex digits",
                    prefix, least, 2 * DIGEST_SIZE);
    return good;
}

char *store_digest(struct store *store, const char *prefix, GError **error)
{
    struct query query = query_new(store->connection, SQL_DIGESTS);
    g_autofree char *digest = NULL;
    struct range range;
    bool row;

    if (!read_prefix(prefix, STORE_DIGEST_MIN, &range, error))
        return NULL;
    query_blob(&query, range.first, DIGEST_SIZE);
    query_blob(&query, range.last, DIGEST_SIZE);
    if (!query_step(&query, &row, error) || !row)
        return NULL;
    digest = g_strdup(query_text_at(&query, 0));
    if (!query_step(&query, &row, error))
        return NULL;
    if (!row)
        return g_steal_pointer(&digest);
    g_set_error(error, STORE_ERROR, STORE_ERROR_AMBIGUOUS, "several messages begin with %s: %s, %s, ...", prefix,
                digest, query_text_at(&query, 0));
    query_end(&query);
    return NULL;
}

bool store_digest_bytes(const char *digest, guint8 bytes[DIGEST_SIZE], GError **error)
{
    struct range range;

    if (!read_prefix(digest, (gsize)2 * DIGEST_SIZE, &range, error))
        return false;
    memcpy(bytes, range.first, DIGEST_SIZE);
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
    g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, "%s: the raw message %s cannot be decompressed",
                connection_path(store->connection), digest);
    return NULL;
}

GBytes *store_message_raw(struct store *store, const char *digest, GError **error)
{
    struct query query = query_new(store->connection, SQL_RAW);
    guint8 bytes[DIGEST_SIZE];
    GBytes *raw = NULL;
    bool row;

    if (!store_digest_bytes(digest, bytes, error))
        return NULL;
    query_blob(&query, bytes, DIGEST_SIZE);
    if (!query_step(&query, &row, error))
        return NULL;
    if (row) {
        raw = decompress(store, digest, &query, error);
        query_end(&query);
    }
    return raw;
}
