#include "cmd/config/keys/config_filter.h"

#include <string.h>

#include "cmd/config/config_error.h"
#include "cmd/config/feed_config.h"
#include "cmd/config/secret.h"
#include "cmd/config/text_file.h"
#include "reports/announcement.h"
#include "reports/template.h"

bool filter_interest(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                     GError **error)
{
    struct interest *interest = G_STRUCT_MEMBER_P(object, key->offset);
    g_autofree char *unknown = NULL;

    if (interest_read(interest, key->name, text, &unknown))
        return true;
    if (unknown != NULL)
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\"", unknown);
    else
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "is empty");
    return false;
}

static bool find_name(const char *const *names, const char *text, unsigned *value)
{
    for (*value = 0; names[*value] != NULL; (*value)++) {
        if (strcmp(names[*value], text) == 0)
            return true;
    }
    return false;
}

bool filter_format(void *object, const struct config_key *key G_GNUC_UNUSED, const char *name G_GNUC_UNUSED,
                   const char *text, GError **error)
{
    struct feed_config *feed = object;
    unsigned value;

    if (find_name(feed_format_names, text, &value)) {
        feed->format = value;
        feed->format_type = FEED_TYPE_WEBHOOK;
        return true;
    }
    if (find_name(export_format_names, text, &value)) {
        feed->file_format = value;
        feed->format_type = FEED_TYPE_FILE;
        return true;
    }
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\"", text);
    return false;
}

bool filter_path(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    if (*text == '/' && !g_str_has_suffix(text, "/"))
        return value_text(object, key, name, text, error);
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\"", text);
    return false;
}

bool filter_command(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                    GError **error)
{
    char ***member = G_STRUCT_MEMBER_P(object, key->offset);
    g_auto(GStrv) words = NULL;

    if (!g_shell_parse_argv(text, NULL, &words, NULL) || *words[0] != '/') {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\"", text);
        return false;
    }
    g_strfreev(*member);
    *member = g_steal_pointer(&words);
    return true;
}

enum { TEMPLATE_MAX = 65536 }; /* octets */

/* Its words are members of what is told, or "event" for all of it. */
static bool check_template(const char *path, const char *text, GError **error)
{
    struct template_piece piece;

    for (const char *rest = text; template_next(&rest, &piece);) {
        if (!piece.is_name || announcement_has(piece.start, piece.length) ||
            (piece.length == strlen("event") && strncmp(piece.start, "event", piece.length) == 0))
            continue;
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s: {%.*s} names nothing that an event has", path,
                    (int)piece.length, piece.start);
        return false;
    }
    return true;
}

bool filter_template(void *object, const struct config_key *key, const char *name, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    size_t length;

    if (!text_file_read(path, &text, &length, error))
        return false;
    if (length == 0 || length > TEMPLATE_MAX || strlen(text) < length || !g_utf8_validate(text, -1, NULL)) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s: no text of at most %d octets", path, TEMPLATE_MAX);
        return false;
    }
    return check_template(path, text, error) && value_text(object, key, name, text, error);
}

/* Empty lines and those that start with "#" are skipped. A line is not shown: it may hold a password. */
bool filter_properties(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *path,
                       GError **error)
{
    GPtrArray *properties = G_STRUCT_MEMBER(GPtrArray *, object, key->offset);
    g_autofree char *text = secret_read(path, error);
    g_auto(GStrv) lines = text != NULL ? g_strsplit(text, "\n", -1) : NULL;

    for (char **line = lines; line != NULL && *line != NULL; line++) {
        const char *equals = strchr(g_strstrip(*line), '=');

        if (**line == '\0' || **line == '#')
            continue;
        if (equals == NULL || equals == *line) {
            g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s:%u: no NAME=VALUE", path,
                        (unsigned)(line - lines) + 1);
            return false;
        }
        g_ptr_array_add(properties, g_strdup(*line));
    }
    return text != NULL;
}

/* The methods of signature, and the sizes of their keys. */
static const struct {
    const char *start;
    size_t least, most;
} secret_kinds[] = {
    {"whsec_", 24, 64},
    {"whsk_", 32, 64},
};

static bool is_secret(const char *secret)
{
    for (size_t i = 0; i < G_N_ELEMENTS(secret_kinds); i++) {
        const char *text = secret + strlen(secret_kinds[i].start);
        g_autofree guchar *key = NULL;
        g_autofree char *again = NULL;
        size_t size;

        if (!g_str_has_prefix(secret, secret_kinds[i].start))
            continue;
        key = g_base64_decode(text, &size);
        again = g_base64_encode(key, size);
        return size >= secret_kinds[i].least && size <= secret_kinds[i].most && strcmp(text, again) == 0;
    }
    return false;
}

/* The line that is wrong is not shown: it may be a secret. */
bool filter_secrets(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    const GPtrArray *secrets = G_STRUCT_MEMBER(GPtrArray *, object, key->offset);

    if (!value_key_file(object, key, name, text, error))
        return false;
    for (guint i = 0; i < secrets->len; i++) {
        if (is_secret(secrets->pdata[i]))
            continue;
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD,
                    "%s: the secret %u is neither whsec_ nor whsk_ and a key in base64", text, i + 1);
        return false;
    }
    return true;
}
