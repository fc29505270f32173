/* help.h: what --help prints, made from the rows of the commands and their options. */
#pragma once

#include <stdio.h>

#include "cmd/bouncectl/subcommand.h"

/* `commands` ends with NULL. */
void help_program(FILE *stream, const struct subcommand *const *commands);
void help_command(FILE *stream, const struct subcommand *command);
