#include "store/privacy/tombstone.h"

#include <string.h>

#include "store/entry_key.h"
#include "store/ledger/row.h"
#include "store/privacy/secret_key.h"

#define PREFIX "forgotten:"
enum { NAME_DIGITS = 16 };

enum { HASH_SIZE = 32 };

/* As the list compares addresses. `*found` is false when there is no secret: then nothing is forgotten. */
static bool hash(struct store *store, const char *address, guint8 digest[HASH_SIZE], bool *found, GError **error)
{
    guint8 key[SECRET_SIZE];
    gsize size = HASH_SIZE;

    if (!secret_key_read(store, SECRET_KEY_TOMBSTONES, key, found, error))
        return false;
    if (!*found)
        return true;
    g_autofree char *folded = g_ascii_strdown(address, -1);
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, key, sizeof key);
    g_hmac_update(hmac, (const guchar *)folded, (gssize)strlen(folded));
    g_hmac_get_digest(hmac, digest, &size);
    return true;
}

static bool hash_always(struct store *store, const char *address, guint8 digest[HASH_SIZE], GError **error)
{
    bool found;

    if (!hash(store, address, digest, &found, error))
        return false;
    return found || (secret_key_make(store, error) && hash(store, address, digest, &found, error));
}

static char *name_of(const guint8 digest[HASH_SIZE])
{
    GString *name = g_string_new(PREFIX);

    for (size_t i = 0; i < NAME_DIGITS / 2; i++)
        g_string_append_printf(name, "%02x", digest[i]);
    return g_string_free(name, FALSE);
}

char *tombstone_name(struct store *store, const char *address, GError **error)
{
    guint8 digest[HASH_SIZE];

    return hash_always(store, address, digest, error) ? name_of(digest) : NULL;
}

bool tombstone_make(struct store *store, const char *address, gint64 now, GError **error)
{
    struct query query = query_new(store->connection, SQL_ADD_TOMBSTONES);
    guint8 digest[HASH_SIZE];

    if (!hash_always(store, address, digest, error))
        return false;
    query_text(&query, address);
    query_blob(&query, digest, sizeof digest);
    query_number(&query, now);
    return query_run(&query, error);
}

/* A store that has forgotten nobody computes no hash for each question. */
bool tombstone_any(struct store *store, bool *found, GError **error)
{
    struct query query = query_new(store->connection, SQL_ANY_TOMBSTONE);

    if (!query_step(&query, found, error))
        return false;
    if (*found)
        query_end(&query);
    return true;
}

/* The strings live as long as the query's row, but for the note. */
static void read_entry(const struct query *query, const struct store *store, struct suppression *entry)
{
    *entry = (struct suppression){
        .subject = store->recipient->str,
        .scope = entry_scope_text(query_text_at(query, 0)),
        .reason = event_value(reason_names, query_text_at(query, 1)),
        .verdict = event_value(verdict_names, query_text_at(query, 2)),
        .since = query_number_at(query, 3),
        .until = query_number_at(query, 4),
        .who = LIST_POLICY,
        .door = STORE_DOOR_POLICY,
        .note = "the address was forgotten, and a hash of it is kept",
    };
}

bool tombstone_list(struct store *store, gint64 now, GArray *entries, GError **error)
{
    guint8 digest[HASH_SIZE];
    struct suppression entry;
    bool row;

    if (!tombstone_any(store, &row, error) || (row && !hash(store, store->recipient->str, digest, &row, error)))
        return false;
    if (!row)
        return true;
    struct query query = query_new(store->connection, SQL_TOMBSTONES);
    query_blob(&query, digest, sizeof digest);
    query_number(&query, now);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            continue;
        read_entry(&query, store, &entry);
        row_keep_suppression(store->found, &entry);
        g_array_append_val(entries, entry);
    }
    return true;
}

bool tombstone_lift(struct store *store, const struct list_cause *cause, const char *address, const char *scope,
                    bool *lifted, GError **error)
{
    guint8 digest[HASH_SIZE];

    if (!tombstone_any(store, lifted, error) || (*lifted && !hash(store, address, digest, lifted, error)))
        return false;
    if (!*lifted)
        return true;
    struct query query = query_new(store->connection, SQL_DROP_TOMBSTONE);
    query_blob(&query, digest, sizeof digest);
    query_text(&query, scope);
    if (!query_run(&query, error))
        return false;
    *lifted = connection_changes(store->connection) > 0;
    g_autofree char *name = name_of(digest);
    const struct suppression entry = {.subject = name, .scope = scope};
    return !*lifted || list_note(store->connection, "remove", &entry, cause, error);
}

bool tombstone_expire(struct store *store, gint64 now, GError **error)
{
    struct query query = query_new(store->connection, SQL_EXPIRE_TOMBSTONES);

    query_number(&query, now);
    return query_run(&query, error);
}
