#include "store/token.h"

#include <string.h>
#include <sys/random.h>

#include "store/ledger/state.h"
#include "store/store.h"

#define SECRET_PREFIX "bounced_" /* by which programs that look for secrets in files know it */

enum {
    SECRET_OCTETS = 32,
    DIGEST_SIZE = 32,
    KEY_SIZE = 8, /* of the digest: by this it is looked for; all of it is compared then */
    SECRET_MAX = 200,
    DAY = 24 * 60 * 60,
};

const char *const token_right_names[] = {
    [TOKEN_RIGHT_READ] = "read",
    [TOKEN_RIGHT_WRITE] = "write",
    [TOKEN_RIGHT_INGEST] = "ingest",
    [TOKEN_RIGHT_ADMIN] = "admin",
    NULL,
};

void token_free(struct token *token)
{
    if (token == NULL)
        return;
    g_free(token->name);
    g_free(token->tenant);
    g_free(token);
}

bool token_name_is_good(const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < length; i++) {
        if (!g_ascii_isalnum(name[i]) && strchr("._-", name[i]) == NULL)
            return false;
    }
    return length > 0 && length <= TOKEN_NAME_MAX && strcmp(name, "policy") != 0;
}

bool token_rights_read(const char *text, unsigned *rights)
{
    g_auto(GStrv) words = g_strsplit(text, ",", -1);

    *rights = 0;
    for (char **word = words; *word != NULL; word++) {
        unsigned right = event_value(token_right_names, g_strstrip(*word));

        if (strcmp(token_right_names[right], *word) != 0)
            return false;
        *rights |= 1U << right;
    }
    return *rights != 0;
}

char *token_rights_write(unsigned rights)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (unsigned right = 0; token_right_names[right] != NULL; right++) {
        if ((rights & (1U << right)) != 0)
            g_string_append_printf(text, "%s%s", text->len > 0 ? "," : "", token_right_names[right]);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* --- secrets ------------------------------------------------------------------------------------------------------ */

static void digest_of(const char *secret, guint8 digest[DIGEST_SIZE])
{
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize size = DIGEST_SIZE;

    g_checksum_update(checksum, (const guchar *)secret, (gssize)strlen(secret));
    g_checksum_get_digest(checksum, digest, &size);
    g_checksum_free(checksum);
}

static char *make_secret(void)
{
    guint8 octets[SECRET_OCTETS];

    if (getrandom(octets, sizeof octets, 0) != (ssize_t)sizeof octets)
        g_error("there are no random octets");
    g_autofree char *text = g_base64_encode(octets, sizeof octets);
    g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
    *strchrnul(text, '=') = '\0';
    return g_strconcat(SECRET_PREFIX, text, NULL);
}

/* Of digests, in the same time wherever they differ. */
static bool is_same(const guint8 *one, const guint8 *other)
{
    volatile guint8 difference = 0;

    for (size_t i = 0; i < DIGEST_SIZE; i++)
        difference = difference | (guint8)(one[i] ^ other[i]);
    return difference == 0;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static struct token *read_token(const struct query *query)
{
    struct token *token = g_new0(struct token, 1);

    token->name = g_strdup(query_text_at(query, 0));
    token->tenant = g_strdup(query_text_at(query, 1));
    token->rights = (unsigned)query_number_at(query, 2);
    token->made = query_number_at(query, 3);
    token->expires = query_number_at(query, 4);
    token->used = query_number_at(query, 5);
    return token;
}

/* In a transaction; `*changed`: there was a row. */
static bool change(struct store *store, struct query *query, bool *changed, GError **error)
{
    if (!query_run(query, error))
        return store_undo(store);
    *changed = connection_changes(store->connection) == 1;
    return store_commit(store, error);
}

bool store_token_add(struct store *store, const struct token *token, char **secret, GError **error)
{
    g_autofree char *made = make_secret();
    guint8 digest[DIGEST_SIZE];
    bool added = false;

    *secret = NULL;
    digest_of(made, digest);
    if (!store_begin(store, error))
        return false;
    struct query query = query_new(store->connection, SQL_ADD_TOKEN);
    query_text(&query, token->name);
    query_text(&query, token->tenant);
    query_number(&query, token->rights);
    query_number(&query, token->made);
    query_number(&query, token->expires);
    query_blob(&query, digest, KEY_SIZE);
    query_blob(&query, digest, sizeof digest);
    if (!change(store, &query, &added, error))
        return false;
    *secret = added ? g_steal_pointer(&made) : NULL;
    return true;
}

bool store_token_revoke(struct store *store, const char *name, bool *found, GError **error)
{
    if (!store_begin(store, error))
        return false;
    struct query query = query_new(store->connection, SQL_REVOKE_TOKEN);
    query_text(&query, name);
    return change(store, &query, found, error);
}

bool store_token_used(struct store *store, const char *name, gint64 now, GError **error)
{
    bool found = false;

    if (!store_begin(store, error))
        return false;
    struct query query = query_new(store->connection, SQL_USE_TOKEN);
    query_text(&query, name);
    query_number(&query, now - now % DAY);
    return change(store, &query, &found, error);
}

GPtrArray *store_tokens(struct store *store, GError **error)
{
    g_autoptr(GPtrArray) tokens = g_ptr_array_new_with_free_func((GDestroyNotify)token_free);
    struct query query = query_new(store->connection, SQL_TOKENS);
    bool row = true;

    while (row) {
        if (!query_step(&query, &row, error))
            return NULL;
        if (row)
            g_ptr_array_add(tokens, read_token(&query));
    }
    return g_steal_pointer(&tokens);
}

static struct token *find(struct store *store, const guint8 *digest, gint64 now, GError **error)
{
    struct query query = query_new(store->connection, SQL_TOKEN);
    struct token *found = NULL;
    size_t length;
    bool row = true;

    query_blob(&query, digest, KEY_SIZE);
    while (query_step(&query, &row, error) && row) {
        const guint8 *known = query_blob_at(&query, 6, &length);
        gint64 expires = query_number_at(&query, 4);

        if (length == DIGEST_SIZE && is_same(known, digest) && (expires == 0 || expires > now)) {
            token_free(found);
            found = read_token(&query);
        }
    }
    return found;
}

struct token *store_token_find(struct store *store, const char *secret, gint64 now, GError **error)
{
    guint8 digest[DIGEST_SIZE];

    if (strlen(secret) > SECRET_MAX)
        return NULL;
    digest_of(secret, digest);
    if (!store_freeze(store, error))
        return NULL;
    struct token *token = find(store, digest, now, error);
    store_thaw(store);
    return token;
}
