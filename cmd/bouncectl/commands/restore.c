#include <errno.h>
#include <glib.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/bouncectl/commands/commands.h"
#include "reports/readable.h"
#include "store/backup.h"
#include "store/verification.h"

struct restore_options {
    bool replace;
};

/* A backup that is not what its log gives is better than none; but it is told. */
static int tell_faults(struct context *context, GError **error)
{
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
    struct store *store = context_store(context, STORE_MODE_READ, error);

    if (store == NULL || !store_verify(store, faults, error))
        return EX_IOERR;
    for (guint i = 0; i < faults->len; i++) {
        g_autofree char *fault = readable_dup(faults->pdata[i]);
        fprintf(stderr, "bouncectl: %s\n", fault);
    }
    return faults->len == 0 ? EX_OK : EX_DATAERR;
}

static int run(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct restore_options *options = data;
    const struct config *config = context_config(context, error);
    g_autofree char *kept = NULL;

    if (config == NULL)
        return EX_CONFIG;
    if (g_file_test(config->store_path, G_FILE_TEST_EXISTS) && !options->replace) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_CANTCREAT,
                    "%s is there already; --replace puts the backup in its place and keeps it", config->store_path);
        return EX_CANTCREAT;
    }
    if (g_file_test(arguments[0], G_FILE_TEST_EXISTS) && !g_file_test(arguments[0], G_FILE_TEST_IS_REGULAR)) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_DATAERR, "%s is no file", arguments[0]);
        return EX_DATAERR;
    }
    if (access(arguments[0], R_OK) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot read %s: %s", arguments[0],
                    g_strerror(errno));
        return EX_NOINPUT;
    }
    if (!backup_restore(arguments[0], config->store_path, &kept, error))
        return EX_IOERR;
    fprintf(context->output.stream, "%s has what %s has\n", config->store_path, arguments[0]);
    if (kept != NULL)
        fprintf(context->output.stream, "%s has what was there before\n", kept);
    return tell_faults(context, error);
}

static const struct option_row rows[] = {
    {"replace", 0, OPTION_FLAG, offsetof(struct restore_options, replace), NULL,
     "replace the database that is there, which is kept", NULL},
    {0},
};

const struct subcommand subcommand_restore = {
    .name = "restore",
    .arguments = "FILE",
    .summary = "Put a backup in the place of the database",
    .details = "The daemon must not run. The backup is read whole first; one of an older version is brought to the\n"
               "present one. A database that is replaced is kept beside it, with .before behind its name.\n",
    .examples = "  systemctl stop bounced\n"
                "  bouncectl restore /var/backups/bounced.db --replace\n"
                "  systemctl start bounced\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = rows,
    .options_size = sizeof(struct restore_options),
    .run = run,
};
