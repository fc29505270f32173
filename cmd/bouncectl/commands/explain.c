#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/story/dossier.h"
#include "cmd/bouncectl/story/story.h"

struct explain_options {
    bool all;
};

static int explain(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct explain_options *options = data;
    struct store *store = context_store(context, STORE_MODE_READ, error);
    g_autoptr(GString) text = g_string_new(NULL);
    const struct question question = {&context->output, store, arguments[0], context->now, options->all};

    if (store == NULL)
        return EX_IOERR;
    if (context->output.json ? !dossier_list(&question, text, error) : !story_tell(&question, text, error))
        return EX_IOERR;
    if (context->output.json)
        g_string_append_c(text, '\n');
    fwrite(text->str, 1, text->len, context->output.stream);
    return EX_OK;
}

static const struct option_row rows[] = {
    {"all", 'a', OPTION_FLAG, offsetof(struct explain_options, all), NULL,
     "tell all reports and changes, not the newest 50 alone", NULL},
    {0},
};

const struct subcommand subcommand_explain = {
    .name = "explain",
    .arguments = "ADDRESS",
    .summary = "Tell why an address is on the suppression list, or is not",
    .details =
        "Where it stands, why, whose fault that is, what comes next and how it is undone; then what was reported\n"
        "about it, and who changed what. The digest of a message is what `bouncectl message` takes. With --json\n"
        "it is one object.\n",
    .examples = "  bouncectl explain user@example.org\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .addresses = true,
    .options = rows,
    .options_size = sizeof(struct explain_options),
    .paged = true,
    .run = explain,
};
