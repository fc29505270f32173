#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/command.h"

struct return_path_options {
    char *stream;
};

static bool makes_addresses(const struct return_path *path)
{
    return path->scheme == RETURN_PATH_VERP || path->scheme == RETURN_PATH_SIGNED;
}

/* The path of `stream` (or of the section of that name), or the only one when none is asked for. */
static const struct return_path *find_path(const GPtrArray *paths, const char *stream, GError **error)
{
    const struct return_path *found = NULL;

    for (guint i = 0; i < paths->len; i++) {
        const struct return_path *path = paths->pdata[i];
        if (!makes_addresses(path) ||
            (stream != NULL && g_strcmp0(path->stream, stream) != 0 && strcmp(path->name, stream) != 0))
            continue;
        if (found != NULL && stream == NULL) {
            command_usage_error(error, "return-path: there are several return paths; say which with --stream");
            return NULL;
        }
        found = found != NULL ? found : path;
    }
    if (found == NULL)
        g_set_error(error, COMMAND_ERROR, EX_CONFIG,
                    "no [return-path] of scheme verp or signed%s%s in the config: see bounced.conf(5)",
                    stream != NULL ? " for the stream " : "", stream != NULL ? stream : "");
    return found;
}

static int print(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct return_path_options *options = data;
    const struct config *config = context_config(context, error);
    const struct return_path *path = config != NULL ? find_path(config->return_paths, options->stream, error) : NULL;

    for (char **address = arguments; path != NULL && *address != NULL; address++) {
        g_autofree char *made = strchr(*address, '@') != NULL ? return_path_make(path, *address) : NULL;
        g_autoptr(GString) line = g_string_new(NULL);

        if (made == NULL) {
            g_set_error(error, COMMAND_ERROR, EX_DATAERR,
                        "%s: not an address, or its return path would be longer than RFC 5321 allows", *address);
            return EX_DATAERR;
        }
        if (context->output.json) {
            g_string_append(line, "{\"recipient\":");
            output_json_text(line, *address);
            g_string_append(line, ",\"return_path\":");
            output_json_text(line, made);
            g_string_append_c(line, '}');
        } else {
            g_string_append(line, made);
        }
        output_line(&context->output, line);
    }
    return EX_OK;
}

static const struct option_row rows[] = {
    {"stream", 's', OPTION_TEXT, offsetof(struct return_path_options, stream), "NAME", "the sending stream", NULL},
    {0},
};

const struct command command_return_path = {
    .name = "return-path",
    .arguments = "ADDRESS...",
    .summary = "Make the return path to send mail to an address with",
    .details = "The config must have a [return-path] of scheme verp or signed.\n",
    .examples = "  bouncectl return-path user@example.org --stream newsletter\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct return_path_options),
    .run = print,
};
