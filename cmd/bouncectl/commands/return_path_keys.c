#include "cmd/bouncectl/commands/return_path_keys.h"

#include <string.h>
#include <sys/random.h>
#include <sysexits.h>

#include "cmd/bouncectl/subcommand.h"
#include "cmd/config/secret.h"
#include "reports/json.h"
#include "reports/moment.h"

enum { KEY_OCTETS = 32 /* as many as HMAC-SHA256 makes use of */ };

/* A line with a key, and one above it that says when it was made. */
static char *make_key(gint64 now)
{
    guint8 octets[KEY_OCTETS];
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *day = moment_day(now);

    if (getrandom(octets, sizeof octets, 0) != (ssize_t)sizeof octets)
        g_error("there are no random octets");
    g_string_printf(text, "# made on %s\n", day);
    for (size_t i = 0; i < sizeof octets; i++)
        g_string_append_printf(text, "%02x", octets[i]);
    g_string_append_c(text, '\n');
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static int say(const struct context *context, const char *path, const char *what)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (context->output.json) {
        g_string_append(line, "{\"key_file\":");
        json_text(line, path);
        g_string_append_c(line, '}');
    } else {
        g_string_printf(line, "%s: %s; `bouncectl reload` has a running daemon read it", path, what);
    }
    output_line(&context->output, line);
    return EX_OK;
}

static int init(const struct context *context, const char *path, GError **error)
{
    g_autofree char *key = make_key(context->now);
    g_autoptr(GError) bad = NULL;

    if (secret_write(path, key, SECRET_PLACE_NEW, &bad))
        return say(context, path, "holds a new key");
    if (g_error_matches(bad, G_FILE_ERROR, G_FILE_ERROR_EXIST))
        g_set_error(error, SUBCOMMAND_ERROR, EX_CANTCREAT,
                    "%s is there already; `bouncectl return-path keys rotate` puts a new key above those in it", path);
    else
        g_propagate_error(error, g_steal_pointer(&bad));
    return EX_CANTCREAT;
}

/* The keys before stay for what they signed. */
static int rotate(const struct context *context, const char *path, GError **error)
{
    g_autofree char *old = secret_read(path, error);
    g_autofree char *key = old != NULL ? make_key(context->now) : NULL;
    g_autofree char *text = old != NULL ? g_strconcat(key, old, NULL) : NULL;

    if (old == NULL)
        return EX_CONFIG;
    if (strlen(text) > SECRET_FILE_MAX) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_CANTCREAT, "%s would be too large: take old keys out of it", path);
        return EX_CANTCREAT;
    }
    if (!secret_write(path, text, SECRET_PLACE_REPLACE, error))
        return EX_CANTCREAT;
    return say(context, path, "signs by a new key, and verifies by those before, too");
}

static const struct {
    const char *name;
    int (*run)(const struct context *context, const char *path, GError **error);
} verbs[] = {{"init", init}, {"rotate", rotate}};

/* The key file of the signed return path of that stream or name. */
static const char *find_path(const struct config *config, const char *stream, GError **error)
{
    const char *found = NULL;

    for (guint i = 0; i < config->files->len; i++) {
        const struct config_file *file = config->files->pdata[i];
        const struct return_path *path = file->object;

        if (strcmp(file->name, "key-file") != 0 ||
            (stream != NULL && g_strcmp0(path->stream, stream) != 0 && strcmp(path->name, stream) != 0))
            continue;
        if (found != NULL && strcmp(found, file->path) != 0) {
            subcommand_usage_error(error, "return-path: there are several key files; say of which with --stream");
            return NULL;
        }
        found = file->path;
    }
    if (found == NULL)
        g_set_error(error, SUBCOMMAND_ERROR, EX_CONFIG, "no such [return-path] with a key-file in the config");
    return found;
}

int return_path_keys(struct context *context, const char *stream, char **arguments, GError **error)
{
    const struct config *config = context_config(context, error);
    const char *path = config != NULL ? find_path(config, stream, error) : NULL;

    if (path == NULL)
        return EX_CONFIG;
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (g_strcmp0(arguments[0], verbs[i].name) == 0 && arguments[1] == NULL)
            return verbs[i].run(context, path, error);
    }
    subcommand_usage_error(error, "return-path: expected keys init or keys rotate");
    return EX_USAGE;
}
