#include "cmd/bouncectl/subcommand.h"

#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>

#include "cmd/bouncectl/files/mailbox.h"
#include "cmd/bouncectl/files/walk.h"
#include "cmd/bouncectl/suggestion.h"
#include "cmd/config/config_error.h"
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

/* What an error means to the caller of the program; a code of -1 is any code of that domain. */
static const struct {
    GQuark (*domain)(void);
    int code;
    int status;
} statuses[] = {
    {g_option_error_quark, -1, EX_USAGE},
    {config_error_quark, -1, EX_CONFIG},
    {store_error_quark, STORE_ERROR_BUSY, EX_TEMPFAIL},
    {store_error_quark, STORE_ERROR_HELD, EX_TEMPFAIL},
    {store_error_quark, STORE_ERROR_FULL, EX_CANTCREAT},
    {store_error_quark, STORE_ERROR_READ_ONLY, EX_CANTCREAT},
    {store_error_quark, STORE_ERROR_LOST, EX_NOINPUT},
    {store_error_quark, STORE_ERROR_ADDRESS, EX_DATAERR},
    {store_error_quark, STORE_ERROR_DIGEST, EX_USAGE},
    {store_error_quark, STORE_ERROR_AMBIGUOUS, EX_DATAERR},
    {store_error_quark, STORE_ERROR_CORRUPT, EX_DATAERR},
    {store_error_quark, STORE_ERROR_DAMAGED, EX_DATAERR},
    {store_error_quark, STORE_ERROR_VERSION, EX_UNAVAILABLE},
    {store_error_quark, -1, EX_IOERR},
    {mailbox_error_quark, -1, EX_DATAERR},
    {walk_error_quark, WALK_ERROR_LEFT_OUT, EX_OK},
    {g_file_error_quark, G_FILE_ERROR_NOENT, EX_NOINPUT},
    {g_file_error_quark, G_FILE_ERROR_NOTDIR, EX_NOINPUT},
    {g_file_error_quark, G_FILE_ERROR_ACCES, EX_NOPERM},
    {g_file_error_quark, G_FILE_ERROR_PERM, EX_NOPERM},
    {g_file_error_quark, -1, EX_IOERR},
};

static int exit_status(const GError *error)
{
    if (error->domain == SUBCOMMAND_ERROR)
        return error->code;
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
        if (error->domain == statuses[i].domain() && (statuses[i].code == -1 || error->code == statuses[i].code))
            return statuses[i].status;
    }
    return EX_SOFTWARE;
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
