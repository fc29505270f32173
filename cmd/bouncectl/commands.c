#include "cmd/bouncectl/command.h"

const struct command *const commands[] = {
    &command_inspect,
    NULL,
};
