#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/commands/return_path_keys.h"
#include "cmd/bouncectl/files/addresses.h"
#include "reports/moment.h"
#include "reports/readable.h"

enum { SECONDS_A_DAY = 86400 };

struct return_path_options {
    char *stream;
    bool check;
    gint64 now; /* 0: the present time */
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

/* The values of --stream: "newsletter, receipts". The caller frees. */
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
static char *make(const struct return_path *path, const char *address, gint64 now, GError **error)
{
    const char *at = strrchr(address, '@');

    /* An MTA takes such a sender only where all hosts on the way know SMTPUTF8 (RFC 6531). */
    if (!is_ascii(address, at)) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_DATAERR, "%s: a return path cannot hold a local part that is not ASCII",
                    address);
        return NULL;
    }
    char *made = return_path_make(path, address, now);
    if (made == NULL)
        g_set_error(error, SUBCOMMAND_ERROR, EX_DATAERR,
                    "%s: its return path would have a local part of more than the 64 octets that RFC 5321 allows",
                    address);
    return made;
}

/* The day that an address was signed on, and the first that it proves nothing on; NULL when it is not signed. */
struct life {
    char *day, *until;
};

static void life_init(struct life *life, const struct return_path *path, unsigned day)
{
    *life = (struct life){0};
    if (day == 0)
        return;
    life->day = moment_day((gint64)day * SECONDS_A_DAY);
    life->until = moment_day(return_path_end(path, day));
}

static void life_clear(struct life *life)
{
    g_free(life->day);
    g_free(life->until);
}

static void print_made(const struct output *output, const struct return_path *path, const char *address,
                       const char *made, gint64 now)
{
    g_autoptr(GString) line = g_string_new(NULL);
    struct life life;

    life_init(&life, path, path->scheme == RETURN_PATH_SIGNED ? (unsigned)(now / SECONDS_A_DAY) : 0);
    if (output->json) {
        g_string_append_c(line, '{');
        output_json_member(line, "recipient", address);
        output_json_member(line, "return_path", made);
        output_json_member(line, "day", life.day);
        output_json_member(line, "until", life.until);
        g_string_append_c(line, '}');
    } else {
        g_string_append(line, made);
    }
    output_line(output, line);
    life_clear(&life);
}

static void print_match(const struct output *output, const char *address, const struct return_path_match *match)
{
    g_autoptr(GString) line = g_string_new(NULL);
    const char *evidence = report_evidence_names[match->evidence];
    struct life life;

    life_init(&life, match->path, match->signed_day);
    if (output->json) {
        g_string_append_c(line, '{');
        output_json_member(line, "return_path", address);
        output_json_member(line, "section", match->path->name);
        output_json_member(line, "recipient", match->recipient);
        output_json_member(line, "evidence", evidence);
        output_json_member(line, "day", life.day);
        output_json_member(line, "until", life.until);
        output_json_member(line, "stream", match->stream);
        output_json_member(line, "campaign", match->campaign);
        output_json_member(line, "message", match->message);
        output_json_member(line, "tenant", match->tenant);
        g_string_append_c(line, '}');
    } else {
        readable_append(line, match->recipient);
        g_string_append_printf(line, "\t%s\t%s\t%s", evidence, life.day != NULL ? life.day : "",
                               life.until != NULL ? life.until : "");
    }
    output_line(output, line);
    life_clear(&life);
}

static int check(struct context *context, const struct config *config, char **arguments, gint64 now)
{
    int status = EX_OK;

    for (char **argument = arguments; *argument != NULL; argument++) {
        g_auto(ReturnPathMatch) match = {0};

        if (return_path_match(config->return_paths, *argument, now, &match)) {
            print_match(&context->output, *argument, &match);
        } else {
            g_printerr("bouncectl: %s: is none of the return paths in the config\n", *argument);
            status = 1;
        }
    }
    return status;
}

static int print(struct context *context, const struct return_path_options *options, char **addresses, GError **error)
{
    const struct config *config = context_config_with(context, "return-path", error);
    gint64 now = options->now != 0 ? options->now : context->now;
    const struct return_path *path;

    if (config != NULL && options->check)
        return check(context, config, addresses, now);
    path = config != NULL ? find_path(config->return_paths, options->stream, error) : NULL;
    for (char **address = addresses; path != NULL && *address != NULL; address++) {
        g_autofree char *made = make(path, *address, now, error);

        if (made == NULL)
            return EX_DATAERR;
        print_made(&context->output, path, *address, made, now);
    }
    return EX_OK;
}

static int run(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct return_path_options *options = data;

    if (strcmp(arguments[0], "keys") == 0)
        return return_path_keys(context, options->stream, arguments + 1, error);
    g_autoptr(Addresses) given = addresses_new(arguments, NULL, ADDRESSES_USE_ASK);
    g_autoptr(GPtrArray) addresses = addresses_all(given, "return-path", error);
    if (addresses == NULL)
        return EX_DATAERR;
    g_ptr_array_add(addresses, NULL);
    return print(context, options, (char **)addresses->pdata, error);
}

static const struct option_row rows[] = {
    {"stream", 's', OPTION_TEXT, offsetof(struct return_path_options, stream), "NAME",
     "the sending stream, or the section's name", NULL},
    {"check", 'c', OPTION_FLAG, offsetof(struct return_path_options, check), NULL,
     "say what return paths tell: recipient, evidence, day of the signature, day it ends", NULL},
    {"now", 0, OPTION_MOMENT, offsetof(struct return_path_options, now), "TIME",
     "as if it were that time; default: now", NULL},
    {0},
};

const struct subcommand subcommand_return_path = {
    .name = "return-path",
    .arguments = "ADDRESS... | keys init | keys rotate",
    .summary = "Make the return path to send mail to an address with, or check one",
    .details =
        "The config must have a [return-path] of scheme verp or signed. keys init makes the key file of a signed\n"
        "one, which the daemon's user may read; keys rotate puts a new key into it, which signs from then on.\n",
    .examples =
        "  bouncectl return-path user@example.org --stream newsletter\n"
        "  bouncectl return-path keys init\n"
        "  bouncectl return-path --check bounces+user=example.org+513175ce0a20dd652762b814@bounces.example.com\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct return_path_options),
    .run = run,
};
