#include "store/telling.h"

#include <string.h>

#include "store/ledger/state.h"
#include "store/privacy.h"
#include "store/store.h"

enum { HOUR = 3600, DAY = 86400, KEPT = 2 * DAY, HASH_SIZE = 16 };

const char *const telling_outcome_names[] = {
    [TELLING_DUE] = "due",           [TELLING_ENDED] = "told-before",   [TELLING_REPEATED] = "told-today",
    [TELLING_DAILY] = "daily-limit", [TELLING_HOURLY] = "hourly-limit", NULL,
};

/* Addresses are compared without regard to case. `recipient` is NULL of an author alone. */
static void hash_of(const guint8 *key, const char *author, const char *recipient, guint8 hash[HASH_SIZE])
{
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, key, NAME_KEY_SIZE);
    const char *parts[] = {"telling", author, recipient != NULL ? recipient : ""};
    guint8 digest[32];
    gsize size = sizeof digest;

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *folded = g_ascii_strdown(parts[i], -1);
        g_hmac_update(hmac, (const guchar *)folded, (gssize)strlen(folded) + 1);
    }
    g_hmac_get_digest(hmac, digest, &size);
    memcpy(hash, digest, HASH_SIZE);
}

static bool find(struct store *store, const char *id, bool *begun, bool *ended, GError **error)
{
    struct query query = query_new(store->connection, SQL_TELLING);

    query_text(&query, id);
    if (!query_step(&query, begun, error))
        return false;
    *ended = *begun && query_number_at(&query, 0) != 0;
    if (*begun)
        query_end(&query);
    return true;
}

static bool judge(struct store *store, const guint8 *author, const guint8 *pair, const struct telling *telling,
                  enum telling_outcome *outcome, GError **error)
{
    struct query query = query_new(store->connection, SQL_TELLINGS);
    bool row;

    query_blob(&query, author, HASH_SIZE);
    query_blob(&query, pair, HASH_SIZE);
    query_number(&query, telling->now - DAY);
    query_number(&query, telling->now - HOUR);
    if (!query_step(&query, &row, error))
        return false;
    *outcome = TELLING_DUE;
    if (query_number_at(&query, 0) > 0)
        *outcome = TELLING_REPEATED;
    else if (query_number_at(&query, 1) >= telling->daily)
        *outcome = TELLING_DAILY;
    else if (query_number_at(&query, 2) >= telling->hourly)
        *outcome = TELLING_HOURLY;
    query_end(&query);
    return true;
}

static bool add(struct store *store, const guint8 *author, const guint8 *pair, const struct telling *telling,
                GError **error)
{
    struct query drop = query_new(store->connection, SQL_DROP_TELLINGS);

    query_number(&drop, telling->now - KEPT);
    if (!query_run(&drop, error))
        return false;
    struct query query = query_new(store->connection, SQL_ADD_TELLING);
    query_text(&query, telling->id);
    query_blob(&query, author, HASH_SIZE);
    query_blob(&query, pair, HASH_SIZE);
    query_number(&query, telling->now);
    return query_run(&query, error);
}

bool store_telling_begin(struct store *store, const guint8 *key, const struct telling *telling,
                         enum telling_outcome *outcome, GError **error)
{
    guint8 author[HASH_SIZE], pair[HASH_SIZE];
    bool begun, ended;

    hash_of(key, telling->author, NULL, author);
    hash_of(key, telling->author, telling->recipient, pair);
    if (!store_begin(store, error))
        return false;
    if (!find(store, telling->id, &begun, &ended, error))
        return store_undo(store);
    *outcome = ended ? TELLING_ENDED : TELLING_DUE;
    if (!begun && (!judge(store, author, pair, telling, outcome, error) ||
                   (*outcome == TELLING_DUE && !add(store, author, pair, telling, error))))
        return store_undo(store);
    return store_commit(store, error);
}

bool store_telling_end(struct store *store, const char *id, GError **error)
{
    if (!store_begin(store, error))
        return false;
    struct query query = query_new(store->connection, SQL_END_TELLING);
    query_text(&query, id);
    return query_run(&query, error) ? store_commit(store, error) : store_undo(store);
}
