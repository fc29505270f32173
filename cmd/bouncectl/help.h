/* help.h: what --help prints, made from the rows of the commands and their options. */
#pragma once

#include <stdio.h>

#include "cmd/bouncectl/command.h"

void help_program(FILE *stream, const struct option_row *shared);
void help_command(FILE *stream, const struct command *command, const struct option_row *shared);

/* The command that was probably meant by `name`; NULL when none is near. */
const struct command *help_nearest(const char *name);
/* The same of a list of names, which ends with NULL; "" is no name. */
const char *help_nearest_name(const char *const *names, const char *name);
