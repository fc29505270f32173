#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "parser/address.h"

struct return_path_options {
    char *stream;
};

static bool makes_addresses(const struct return_path *path)
{
    return path->scheme == RETURN_PATH_VERP || path->scheme == RETURN_PATH_SIGNED;
}

static bool matches(const struct return_path *path, const char *stream)
{
    return makes_addresses(path) &&
           (stream == NULL || g_strcmp0(path->stream, stream) == 0 || strcmp(path->name, stream) == 0);
}

/* What --stream may say: "newsletter, receipts". The caller frees. */
static char *choices(const GPtrArray *paths)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; i < paths->len; i++) {
        const struct return_path *path = paths->pdata[i];
        if (makes_addresses(path))
            g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "",
                                   path->stream != NULL ? path->stream : path->name);
    }
    return g_string_free(g_steal_pointer(&list), FALSE);
}

/* The path of `stream` (or of the section of that name), or the only one when none is asked for. */
static const struct return_path *find_path(const GPtrArray *paths, const char *stream, GError **error)
{
    const struct return_path *found = NULL;
    g_autofree char *known = choices(paths);

    for (guint i = 0; i < paths->len; i++) {
        if (!matches(paths->pdata[i], stream))
            continue;
        if (found != NULL && stream == NULL) {
            subcommand_usage_error(error, "return-path: there are several; say which with --stream: %s", known);
            return NULL;
        }
        found = found != NULL ? found : paths->pdata[i];
    }
    if (found == NULL && *known == '\0')
        g_set_error(error, SUBCOMMAND_ERROR, EX_CONFIG,
                    "no [return-path] of scheme verp or signed in the config: see bounced.conf(5)");
    else if (found == NULL)
        g_set_error(error, SUBCOMMAND_ERROR, EX_CONFIG,
                    "no [return-path] of scheme verp or signed for the stream %s in the config, only for: %s", stream,
                    known);
    return found;
}

static bool is_ascii(const char *text, const char *end)
{
    for (; text < end; text++) {
        if ((*text & 0x80) != 0)
            return false;
    }
    return true;
}

/* `address` as address_read() gives it; the caller frees. */
static char *make(const struct return_path *path, const char *address, GError **error)
{
    const char *at = strrchr(address, '@');

    /* An MTA takes such a sender only where all hosts on the way know SMTPUTF8 (RFC 6531). */
    if (!is_ascii(address, at)) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_DATAERR, "%s: a return path cannot hold a local part that is not ASCII",
                    address);
        return NULL;
    }
    char *made = return_path_make(path, address);
    if (made == NULL)
        g_set_error(error, SUBCOMMAND_ERROR, EX_DATAERR,
                    "%s: its return path would have a local part of more than the 64 octets that RFC 5321 allows",
                    address);
    return made;
}

static void print_one(const struct output *output, const char *address, const char *made)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (output->json) {
        g_string_append(line, "{\"recipient\":");
        output_json_text(line, address);
        g_string_append(line, ",\"return_path\":");
        output_json_text(line, made);
        g_string_append_c(line, '}');
    } else {
        g_string_append(line, made);
    }
    output_line(output, line);
}

static int print(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct return_path_options *options = data;
    const struct config *config = context_config(context, error);
    const struct return_path *path = config != NULL ? find_path(config->return_paths, options->stream, error) : NULL;
    g_autoptr(GString) address = g_string_new(NULL);

    for (char **argument = arguments; path != NULL && *argument != NULL; argument++) {
        /* The frame has seen that it is an address. */
        if (!address_read(span_of(*argument), ADDRESS_ALONE, address))
            g_assert_not_reached();
        g_autofree char *made = make(path, address->str, error);
        if (made == NULL)
            return EX_DATAERR;
        print_one(&context->output, address->str, made);
    }
    return EX_OK;
}

static const struct option_row rows[] = {
    {"stream", 's', OPTION_TEXT, offsetof(struct return_path_options, stream), "NAME",
     "the sending stream, or the section's name", NULL},
    {0},
};

const struct subcommand subcommand_return_path = {
    .name = "return-path",
    .arguments = "ADDRESS...",
    .summary = "Make the return path to send mail to an address with",
    .details = "The config must have a [return-path] of scheme verp or signed.\n",
    .examples = "  bouncectl return-path user@example.org --stream newsletter\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .addresses = true,
    .options = rows,
    .options_size = sizeof(struct return_path_options),
    .run = print,
};
