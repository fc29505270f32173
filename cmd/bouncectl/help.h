/* help.h: what --help prints, made from the rows of the commands and their options. */
#pragma once

#include <stdio.h>

#include "cmd/bouncectl/subcommand.h"

/* `commands` ends with NULL, `shared` are the options of all of them. */
void help_program(FILE *stream, const struct subcommand *const *commands, const struct option_row *shared);
void help_command(FILE *stream, const struct subcommand *command, const struct option_row *shared);
