/* program.h: the frame of bouncectl: it finds the subcommand that a command line names, parses its options and runs it.
 */
#pragma once

#include "cmd/bouncectl/subcommand.h"

/* `commands` in the order of the help, ending with NULL. Gives what main() returns. */
int program_main(const struct subcommand *const *commands, char **argv);
