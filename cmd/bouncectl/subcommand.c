#include "cmd/bouncectl/subcommand.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/files/addresses.h"
#include "cmd/bouncectl/files/mailbox.h"
#include "cmd/bouncectl/files/walk.h"
#include "cmd/config/exit_status.h"
#include "cmd/config/suggestion.h"
#include "cmd/files/input.h"
#include "cmd/lists/roster.h"
#include "reports/parsed_event.h"
#include "reports/readable.h"

/* clang-format off */
G_DEFINE_QUARK(subcommand-error, subcommand_error)
/* clang-format on */

void subcommand_usage_error(GError **error, const char *text, ...)
{
    va_list arguments;

    va_start(arguments, text);
    if (error != NULL)
        *error = g_error_new_valist(SUBCOMMAND_ERROR, EX_USAGE, text, arguments);
    va_end(arguments);
}

/* The meaning of an error to the caller of the program; a code of -1 is any code of that domain. exit_status.h has what
 * both programs know. */
static const struct {
    GQuark (*domain)(void);
    int code;
    int status;
} statuses[] = {
    {g_option_error_quark, -1, EX_USAGE},
    {mailbox_error_quark, -1, EX_DATAERR},
    {input_error_quark, -1, EX_DATAERR},
    {addresses_error_quark, -1, EX_DATAERR},
    {roster_error_quark, -1, EX_DATAERR},
    {parsed_event_error_quark, -1, EX_DATAERR},
    {walk_error_quark, WALK_ERROR_LEFT_OUT, EX_OK},
};

static int exit_status(const GError *error)
{
    if (error->domain == SUBCOMMAND_ERROR)
        return error->code;
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
        if (error->domain == statuses[i].domain() && (statuses[i].code == -1 || error->code == statuses[i].code))
            return statuses[i].status;
    }
    return exit_status_of(error);
}

int subcommand_warn(GError *error)
{
    int status = exit_status(error);

    g_autofree char *message = readable_dup(error->message);

    fprintf(stderr, "bouncectl: %s\n", message);
    g_error_free(error);
    return status;
}

const char *subcommand_nearest(const struct subcommand *const *commands, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (size_t i = 0; commands[i] != NULL; i++)
        g_ptr_array_add(names, (gpointer)commands[i]->name);
    g_ptr_array_add(names, NULL);
    return suggestion_of((const char *const *)names->pdata, name);
}

const struct subcommand *subcommand_find(const struct subcommand *const *commands, const char *name, GError **error)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    const char *nearest = subcommand_nearest(commands, name);
    if (nearest != NULL)
        subcommand_usage_error(error, "there is no subcommand '%s'; did you mean '%s'?", name, nearest);
    else
        subcommand_usage_error(error, "there is no subcommand '%s'", name);
    return NULL;
}
