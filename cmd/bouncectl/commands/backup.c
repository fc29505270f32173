#include <glib.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/bouncectl/commands/commands.h"
#include "store/backup.h"

struct backup_options {
    bool replace;
};

/* On a terminal alone, and gone when it is done. */
static void show(double part)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%3.0f %%%s", part * 100, part < 1 ? "" : ", reading it again");
}

static bool copy(struct backup *backup, GError **error)
{
    enum backup_state state = BACKUP_MORE;
    double part;

    while (state == BACKUP_MORE) {
        state = backup_step(backup, &part, error);
        show(part);
    }
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
    return state == BACKUP_DONE;
}

static int run(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct backup_options *options = data;
    const char *file = arguments[0];
    const struct config *config = context_config(context, error);

    if (config == NULL)
        return EX_CONFIG;
    if (g_file_test(file, G_FILE_TEST_EXISTS) && !options->replace) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_CANTCREAT,
                    "%s is there already; --replace puts the backup in its place", file);
        return EX_CANTCREAT;
    }
    if (context_store(context, STORE_MODE_READ, error) == NULL)
        return EX_IOERR;
    g_autoptr(Backup) backup = backup_new(config->store_path, file, error);
    if (backup == NULL || !copy(backup, error))
        return EX_IOERR;
    if (!context->output.json)
        fprintf(context->output.stream, "%s is a backup of %s\n", file, config->store_path);
    return EX_OK;
}

static const struct option_row rows[] = {
    {"replace", 0, OPTION_FLAG, offsetof(struct backup_options, replace), NULL, "replace FILE if it is there", NULL},
    {0},
};

const struct subcommand subcommand_backup = {
    .name = "backup",
    .arguments = "FILE",
    .summary = "Copy the database into one file, while the daemon runs",
    .details = "The copy has all that was stored when it began, is read again, and only then gets its name.\n",
    .examples = "  bouncectl backup /var/backups/bounced.db --replace\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = rows,
    .options_size = sizeof(struct backup_options),
    .run = run,
};
