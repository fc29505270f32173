/* subcommand.h: a subcommand of bouncectl: one row, with its options as a table. The frame parses the options into the
 * command's own struct, prints every --help from the rows, and turns an error into `bouncectl: ...` and an exit status.
 *
 * A new subcommand is a file in commands/ with its struct, its option rows and its row, and a line in commands.h and in
 * commands.c. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "cmd/bouncectl/context.h"
#include "cmd/bouncectl/display/table.h"
#include "cmd/bouncectl/options.h"

struct subcommand {
    const char *name;
    const char *arguments; /* for the help: "ADDRESS..."; "" when it takes none */
    const char *summary;   /* one line */
    const char *details;   /* what --help adds: lines of text; may be NULL */
    const char *examples;  /* lines, each a command as it is typed */
    unsigned min_arguments;
    unsigned max_arguments;
    bool addresses; /* the arguments are addresses; if one is not, the subcommand does not run (EX_DATAERR) */
    const struct option_row *options;   /* ends with a row without a name; may be NULL */
    size_t options_size;                /* of the struct that they are parsed into */
    const struct table_column *columns; /* of the table that it prints; NULL: it prints none, or several */
    bool paged;                         /* its output may be long, and is read one screen at a time */
    /* The exit status, or 128 and the number of a signal that ended the work; when it sets `error` the frame says it
     * and takes the status from it. `options` points to the command's struct, `arguments` ends with NULL. */
    int (*run)(struct context *context, const void *options, char **arguments, GError **error);
};

#define SUBCOMMAND_ERROR (subcommand_error_quark())
GQuark subcommand_error_quark(void);
/* The codes are exit statuses of sysexits.h. */
void subcommand_usage_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Says `error` on standard error as `bouncectl: ...`, for commands that go on after one, and frees it; the exit status
 * that it stands for: EX_OK if a file was only left out. */
int subcommand_warn(GError *error);

/* The subcommand of that name; NULL and an error when there is none. `commands` ends with NULL. */
const struct subcommand *subcommand_find(const struct subcommand *const *commands, const char *name, GError **error);
/* The name that was probably meant by `name`, NULL if none is near. */
const char *subcommand_nearest(const struct subcommand *const *commands, const char *name);
