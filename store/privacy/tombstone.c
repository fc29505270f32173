#include "store/privacy/tombstone.h"

#include <string.h>

#include "store/entry_key.h"
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
static bool any(struct store *store, bool *found, GError **error)
{
    struct query query = query_new(store->connection, SQL_ANY_TOMBSTONE);

    if (!query_step(&query, found, error))
        return false;
    if (*found)
        query_end(&query);
    return true;
}

bool tombstone_find(struct store *store, gint64 now, struct suppression *entry, bool *found, GError **error)
{
    guint8 digest[HASH_SIZE];

    if (!any(store, found, error) || (*found && !hash(store, entry->subject, digest, found, error)))
        return false;
    if (!*found)
        return true;
    struct query query = query_new(store->connection, SQL_TOMBSTONE);
    query_blob(&query, digest, sizeof digest);
    query_text(&query, entry->scope);
    query_number(&query, now);
    if (!query_step(&query, found, error))
        return false;
    if (*found) {
        entry->reason = event_value(reason_names, query_text_at(&query, 0));
        entry->verdict = event_value(verdict_names, query_text_at(&query, 1));
        entry->since = query_number_at(&query, 2);
        entry->until = query_number_at(&query, 3);
        entry->who = LIST_POLICY;
        entry->door = STORE_DOOR_POLICY;
        entry->note = "the address was forgotten, and a hash of it is kept";
        query_end(&query);
    }
    return true;
}

bool tombstone_check(struct store *store, gint64 now, struct suppression *found, bool *suppressed, GError **error)
{
    struct suppression entry = {.subject = store->recipient->str, .scope = entry_scope_key(NULL)};

    if (entry_subject_kind(entry.subject) != ENTRY_SUBJECT_ADDRESS)
        return true;
    if (!tombstone_find(store, now, &entry, suppressed, error))
        return false;
    entry.scope = entry_scope_text(entry.scope);
    if (*suppressed && found != NULL)
        *found = entry;
    return true;
}

bool tombstone_lift(struct store *store, const struct list_cause *cause, const char *address, const char *scope,
                    bool *lifted, GError **error)
{
    guint8 digest[HASH_SIZE];

    if (!any(store, lifted, error) || (*lifted && !hash(store, address, digest, lifted, error)))
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
