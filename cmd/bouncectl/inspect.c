#include "cmd/bouncectl/command.h"

#include <sysexits.h>

static int inspect(struct context *context, const void *options, char **arguments, GError **error)
{
    (void)context;
    (void)options;
    (void)arguments;
    command_usage_error(error, "inspect: not there yet");
    return EX_USAGE;
}

const struct command command_inspect = {
    .name = "inspect",
    .arguments = "FILE...",
    .summary = "Say what messages report, without touching the database",
    .examples = "  bouncectl inspect --json bounce.eml\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .run = inspect,
};
