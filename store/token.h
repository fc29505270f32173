/* token.h: the tokens by which programs come to the API. A token is a secret that is shown once; the store has its
 * SHA-256, and a name, which stands for it wherever its work is seen. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct store;

/* Its rights; token.rights is a set of bits (1 << enum token_right). */
extern const char *const token_right_names[];
enum token_right {
    TOKEN_RIGHT_READ,
    TOKEN_RIGHT_WRITE,
    TOKEN_RIGHT_INGEST,
    TOKEN_RIGHT_ADMIN,
};

struct token {
    char *name;
    char *tenant; /* whose entries and events alone it sees and changes; NULL: all */
    unsigned rights;
    gint64 made;
    gint64 expires; /* 0: it does not */
    gint64 used;    /* the beginning of the day on which it was used last; 0: never */
};
void token_free(struct token *token);

enum { TOKEN_NAME_MAX = 64 };

/* Of letters, digits, ".", "_" and "-", TOKEN_NAME_MAX at most, and no name that entries have of others: policy. */
bool token_name_is_good(const char *name);

/* "read,write" as rights, and the other way, which the caller frees. False if there is none of a name, or none at all.
 */
bool token_rights_read(const char *text, unsigned *rights);
char *token_rights_write(unsigned rights);

/* Makes one; `*secret` is the caller's, NULL if there is one of that name. In a transaction of its own, as those below.
 */
bool store_token_add(struct store *store, const struct token *token, char **secret, GError **error);
bool store_token_revoke(struct store *store, const char *name, bool *found, GError **error);
/* It was used on the day of `now`. */
bool store_token_used(struct store *store, const char *name, gint64 now, GError **error);

/* All, by name, of struct token; NULL and an error. */
GPtrArray *store_tokens(struct store *store, GError **error);
/* The one whose secret it is; NULL without an error if there is none, or it has expired by `now`. How long it takes
 * tells nothing of a secret. The caller frees. */
struct token *store_token_find(struct store *store, const char *secret, gint64 now, GError **error);

typedef struct token Token;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Token, token_free)
