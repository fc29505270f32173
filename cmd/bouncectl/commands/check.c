#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/listing.h"
#include "reports/json.h"
#include "reports/readable.h"

enum { SUPPRESSED = 1 }; /* exit status */

struct check_options {
    bool quiet;
};

static void print_json(const struct output *output, const char *address, const struct suppression *entry)
{
    g_autoptr(GString) line = g_string_new("{\"recipient\":");

    output_json_text(line, address);
    g_string_append_printf(line, ",\"suppressed\":%s", entry != NULL ? "true" : "false");
    if (entry != NULL) {
        g_string_append(line, ",\"suppression\":");
        json_suppression(line, entry);
    }
    g_string_append_c(line, '}');
    output_line(output, line);
}

static void print_text(const struct output *output, const char *address, const struct suppression *entry)
{
    g_autofree char *sentence = entry != NULL ? listing_sentence(entry) : NULL;

    g_autofree char *shown = readable_dup(address);

    fprintf(output->stream, "%s: %s%s%s%s%s\n", shown, output_style(output, entry != NULL ? OUTPUT_RED : OUTPUT_GREEN),
            entry != NULL ? "suppressed" : "not suppressed", output_style(output, OUTPUT_PLAIN),
            entry != NULL ? " " : "", entry != NULL ? sentence : "");
}

static int check(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct check_options *options = data;
    struct store *store = context_store(context, STORE_MODE_READ, error);
    int status = EX_OK;

    for (char **address = arguments; store != NULL && *address != NULL; address++) {
        struct suppression entry;
        bool suppressed;

        if (!store_check(store, *address, context->now, &entry, &suppressed, error))
            return EX_IOERR;
        if (suppressed)
            status = SUPPRESSED;
        if (options->quiet)
            continue;
        if (context->output.json)
            print_json(&context->output, *address, suppressed ? &entry : NULL);
        else
            print_text(&context->output, *address, suppressed ? &entry : NULL);
    }
    return status;
}

static const struct option_row rows[] = {
    {"quiet", 'q', OPTION_FLAG, offsetof(struct check_options, quiet), NULL, "say it by the exit status alone", NULL},
    {0},
};

const struct subcommand subcommand_check = {
    .name = "check",
    .arguments = "ADDRESS...",
    .summary = "Say whether addresses are suppressed, also by the exit status",
    .details = "The exit status is 0 when none of the addresses is suppressed, 1 when one is.\n",
    .examples = "  bouncectl check user@example.org\n"
                "  bouncectl check -q user@example.org && send-the-mail\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .addresses = true,
    .options = rows,
    .options_size = sizeof(struct check_options),
    .run = check,
};
