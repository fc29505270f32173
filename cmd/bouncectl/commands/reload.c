#include <errno.h>
#include <signal.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/config/rule_files.h"

/* The config and the rules are read here first: who has just changed them is told at the terminal what is wrong. */
static int reload(struct context *context, G_GNUC_UNUSED const void *options, G_GNUC_UNUSED char **arguments,
                  GError **error)
{
    const struct config *config = context_config_with(context, NULL, error);
    g_autoptr(Classifier) classifier = config != NULL ? rule_files_classifier(config, error) : NULL;
    pid_t holder;

    if (classifier == NULL)
        return EX_CONFIG;
    if (!store_holder(config->store_path, &holder, error))
        return EX_IOERR;
    if (holder == 0) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_UNAVAILABLE, "no bounced runs on %s", config->store_path);
        return EX_UNAVAILABLE;
    }
    if (kill(holder, SIGHUP) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot signal bounced (process %ld): %s",
                    (long)holder, g_strerror(errno));
        return EX_NOPERM;
    }
    fprintf(context->output.stream,
            context->output.json
                ? "{\"process\":%ld,\"rule_version\":\"%s\"}\n"
                : "bounced (process %ld) reads its config and rules %s; its log says what came of it\n",
            (long)holder, classifier_version(classifier));
    return EX_OK;
}

const struct subcommand subcommand_reload = {
    .name = "reload",
    .arguments = "",
    .summary = "Have the running daemon read its config and rules again",
    .details = "Both are checked first, and when something is wrong with them the daemon is not told. Its log has\n"
               "the outcome: event=reloaded, or event=reload-refused.\n",
    .examples = "  bouncectl reload\n",
    .run = reload,
};
