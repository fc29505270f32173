#include <errno.h>
#include <glib.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/bouncectl/commands/commands.h"
#include "store/backup.h"

struct restore_options {
    bool replace;
};

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
    return EX_OK;
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
