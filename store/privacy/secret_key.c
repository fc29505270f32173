#include "store/privacy/secret_key.h"

#include <errno.h>
#include <sys/random.h>

#include "store/error.h"

#define NAME "addresses"

static const char *const purposes[] = {
    [SECRET_KEY_NAMES] = "names",
    [SECRET_KEY_TOMBSTONES] = "tombstones",
};

static void derive(const void *secret, size_t length, enum secret_key use, guint8 key[SECRET_SIZE])
{
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, secret, length);
    gsize size = SECRET_SIZE;

    g_hmac_update(hmac, (const guchar *)purposes[use], -1);
    g_hmac_get_digest(hmac, key, &size);
}

bool secret_key_read(struct store *store, enum secret_key use, guint8 key[SECRET_SIZE], bool *found, GError **error)
{
    struct query query = query_new(store->connection, SQL_SECRET);

    query_text(&query, NAME);
    if (!query_step(&query, found, error))
        return false;
    if (*found) {
        size_t length;
        const void *secret = query_blob_at(&query, 0, &length);
        derive(secret, length, use, key);
        query_end(&query);
    }
    return true;
}

bool secret_key_make(struct store *store, GError **error)
{
    struct query query = query_new(store->connection, SQL_ADD_SECRET);
    guint8 secret[SECRET_SIZE];

    if (getrandom(secret, sizeof secret, 0) != (ssize_t)sizeof secret) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "cannot make a secret: %s", g_strerror(errno));
        return false;
    }
    query_text(&query, NAME);
    query_blob(&query, secret, sizeof secret);
    return query_run(&query, error);
}
