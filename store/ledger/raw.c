#include "store/ledger/raw.h"

#include <string.h>
#include <zstd.h>

#include "store/error.h"

/* All digests that begin so: from `first` to `last`. */
struct range {
    guint8 first[STORE_DIGEST_SIZE];
    guint8 last[STORE_DIGEST_SIZE];
};

static bool read_prefix(const char *prefix, size_t least, struct range *range, GError **error)
{
    size_t length = strlen(prefix);
    bool good = length >= least && length <= (size_t)2 * STORE_DIGEST_SIZE;

    memset(range->first, 0, STORE_DIGEST_SIZE);
    memset(range->last, 0xff, STORE_DIGEST_SIZE);
    for (size_t i = 0; good && i < length; i++) {
        int digit = g_ascii_xdigit_value(prefix[i]);
        unsigned shift = i % 2 == 0 ? 4 : 0;

        good = digit >= 0;
        range->first[i / 2] |= (guint8)((unsigned)digit << shift);
        range->last[i / 2] &= (guint8) ~((unsigned)(15 - digit) << shift);
    }
    if (!good)
        g_set_error(error, STORE_ERROR, STORE_ERROR_DIGEST, "\"%s\" is no digest: expected %zu to %d hex digits",
                    prefix, least, 2 * STORE_DIGEST_SIZE);
    return good;
}

char *raw_digest(struct store *store, const char *prefix, GError **error)
{
    struct query query = query_new(store->connection, SQL_DIGESTS);
    g_autofree char *digest = NULL;
    struct range range;
    bool row;

    if (!read_prefix(prefix, STORE_DIGEST_MIN, &range, error))
        return NULL;
    query_blob(&query, range.first, STORE_DIGEST_SIZE);
    query_blob(&query, range.last, STORE_DIGEST_SIZE);
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

bool raw_digest_bytes(const char *digest, guint8 bytes[STORE_DIGEST_SIZE], GError **error)
{
    struct range range;

    if (!read_prefix(digest, (size_t)2 * STORE_DIGEST_SIZE, &range, error))
        return false;
    memcpy(bytes, range.first, STORE_DIGEST_SIZE);
    return true;
}

static GBytes *decompress(const struct store *store, const char *digest, const struct query *query, GError **error)
{
    gint64 size = query_number_at(query, 0);
    size_t length;
    const void *bytes = query_blob_at(query, 1, &length);
    char *raw = size < 0 ? NULL : g_try_malloc((size_t)size + 1);

    if (raw != NULL && ZSTD_decompress(raw, (size_t)size, bytes, length) == (size_t)size)
        return g_bytes_new_take(raw, (size_t)size);
    g_free(raw);
    g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, "%s: the raw message %s cannot be decompressed",
                connection_path(store->connection), digest);
    return NULL;
}

GBytes *raw_read(struct store *store, const char *digest, GError **error)
{
    struct query query = query_new(store->connection, SQL_RAW);
    guint8 bytes[STORE_DIGEST_SIZE];
    GBytes *raw = NULL;
    bool row;

    if (!raw_digest_bytes(digest, bytes, error))
        return NULL;
    query_blob(&query, bytes, STORE_DIGEST_SIZE);
    if (!query_step(&query, &row, error))
        return NULL;
    if (row) {
        raw = decompress(store, digest, &query, error);
        query_end(&query);
    }
    return raw;
}

bool raw_drop(struct store *store, gint64 before, unsigned limit, GError **error)
{
    struct query query = query_new(store->connection, SQL_DROP_RAWS);

    query_number(&query, before);
    query_number(&query, limit);
    return query_run(&query, error);
}
