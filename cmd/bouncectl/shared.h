/* shared.h: the options that are no subcommand's own: those of all of them, and those of all that print a table. */
#pragma once

#include "cmd/bouncectl/display/output.h"
#include "cmd/bouncectl/options.h"

struct shared {
    char *config;
    bool json;
    unsigned color; /* 1 + enum colour */
    bool no_pager;
    bool help;
    bool version;
    char *columns;
    bool wide;
};

extern const struct option_row shared_program[]; /* before the subcommand */
extern const struct option_row shared_options[]; /* behind it */
extern const struct option_row shared_table[];   /* of a subcommand that prints a table */
