#include "cmd/bouncectl/help.h"

#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"

static int help(struct context *context, G_GNUC_UNUSED const void *options, char **arguments, GError **error)
{
    if (*arguments == NULL) {
        help_program(context->output.stream, commands);
        return EX_OK;
    }
    const struct subcommand *command = subcommand_find(commands, *arguments, error);
    if (command == NULL)
        return EX_USAGE;
    help_command(context->output.stream, command);
    return EX_OK;
}

const struct subcommand subcommand_help = {
    .name = "help",
    .arguments = "[SUBCOMMAND]",
    .summary = "Print the subcommands, or the options and examples of one",
    .examples = "  bouncectl help list\n",
    .max_arguments = 1,
    .paged = true,
    .run = help,
};
