#include "cmd/config/keys/config_list.h"

#include <arpa/inet.h>
#include <string.h>

#include "cmd/config/config_error.h"

static bool refuse(const char *word, const char *what, GError **error)
{
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" is no %s", word, what);
    return false;
}

/* word *( "," word ) / "none" */
static bool read_list(void *object, const struct config_key *key, const char *text,
                      bool (*check)(const char *word, GError **error), GError **error)
{
    GPtrArray **member = G_STRUCT_MEMBER_P(object, key->offset);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) words = g_strsplit(text, ",", -1);

    if (*text == '\0')
        return refuse(text, "list", error);
    for (char **word = words; *word != NULL && strcmp(text, "none") != 0; word++) {
        g_autofree char *lower = g_ascii_strdown(g_strstrip(*word), -1);

        if (!check(lower, error))
            return false;
        g_ptr_array_add(list, g_steal_pointer(&lower));
    }
    if (*member != NULL)
        g_ptr_array_unref(*member);
    *member = list->len > 0 ? g_steal_pointer(&list) : NULL;
    return true;
}

static bool is_made_of(const char *word, const char *characters)
{
    return *word != '\0' && strspn(word, characters) == strlen(word);
}

#define HOST "abcdefghijklmnopqrstuvwxyz0123456789-_."

static bool check_word(const char *word, GError **error)
{
    return is_made_of(word, HOST) || refuse(word, "name of a server", error);
}

bool list_words(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                GError **error)
{
    return read_list(object, key, text, check_word, error);
}

/* A top-level domain alone would be everybody below it. */
static bool check_trust(const char *word, GError **error)
{
    const char *at = strrchr(word, '@'), *domain = at != NULL ? at + 1 : word;

    return (at != word && strpbrk(word, " \t<>") == NULL && is_made_of(domain, HOST) && *domain != '.' &&
            strchr(domain, '.') != NULL) ||
           refuse(word, "domain or address", error);
}

bool list_trust(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                GError **error)
{
    return read_list(object, key, text, check_trust, error);
}

/* ADDRESS, ADDRESS:PORT of IPv4 or [ADDRESS]:PORT. */
static bool is_server(const char *word)
{
    g_auto(GStrv) parts = g_strsplit(*word == '[' ? word + 1 : word, *word == '[' ? "]:" : ":", 2);
    struct in6_addr unused;
    guint64 port;

    if (inet_pton(AF_INET6, word, &unused) == 1)
        return true;
    return inet_pton(*word == '[' ? AF_INET6 : AF_INET, parts[0], &unused) == 1 &&
           (parts[1] == NULL ? *word != '[' : g_ascii_string_to_unsigned(parts[1], 10, 1, 65535, &port, NULL));
}

bool list_servers(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, ",", -1);
    g_autofree char *joined = NULL;

    for (char **word = words; *word != NULL; word++) {
        if (!is_server(g_strstrip(*word)))
            return refuse(*word, "address", error);
    }
    joined = g_strjoinv(",", words);
    return value_text(object, key, name, joined, error);
}

bool list_streams(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                  GError **error)
{
    GHashTable *streams = G_STRUCT_MEMBER(GHashTable *, object, key->offset);
    g_auto(GStrv) words = g_strsplit(text, ",", -1);

    for (char **word = words; *word != NULL; word++) {
        char *equals = strrchr(g_strstrip(*word), '=');

        if (equals == NULL || equals == *word || equals[1] == '\0')
            return refuse(*word, "VALUE=STREAM", error);
        *equals = '\0';
        char *value = g_ascii_strdown(g_strchomp(*word), -1);
        if (!g_hash_table_insert(streams, value, g_strdup(g_strchug(equals + 1))))
            return refuse(*word, "value that stands there once", error);
    }
    return true;
}
