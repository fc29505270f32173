#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/selection.h"
#include "reports/story/dossier.h"
#include "reports/story/story.h"

struct explain_options {
    struct store_asker asker;
    bool all;
};

static int explain(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct explain_options *options = data;
    struct store *store = selection_asking(context, STORE_MODE_READ, &options->asker, error);
    bool asked = options->asker.stream != NULL || options->asker.tenant != NULL;
    const struct output *output = &context->output;
    const struct lines_style style = {
        .heading = output_style(output, OUTPUT_BOLD),
        .name = output_style(output, OUTPUT_FAINT),
        .suppressed = output_style(output, OUTPUT_RED),
        .free = output_style(output, OUTPUT_GREEN),
        .end = output_style(output, OUTPUT_PLAIN),
    };
    const struct question question = {.style = &style,
                                      .store = store,
                                      .address = arguments[0],
                                      .now = context->now,
                                      .asker = asked ? &options->asker : NULL,
                                      .all = options->all};
    g_autoptr(GString) text = g_string_new(NULL);

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
    SELECTION_FOR_STREAM(offsetof(struct explain_options, asker.stream)),
    SELECTION_FOR_TENANT(offsetof(struct explain_options, asker.tenant)),
    {"all", 'a', OPTION_FLAG, offsetof(struct explain_options, all), NULL,
     "tell all reports and changes, not the newest 50 alone", NULL},
    {0},
};

const struct subcommand subcommand_explain = {
    .name = "explain",
    .arguments = "ADDRESS",
    .summary = "Tell why an address is on the suppression list, or is not",
    .details =
        "With --stream or --tenant, only the entries that apply to that mail are told.\n"
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
