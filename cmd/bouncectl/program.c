#include "cmd/bouncectl/program.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "cmd/bouncectl/display/pager.h"
#include "cmd/bouncectl/help.h"
#include "cmd/bouncectl/shared.h"
#include "parser/address.h"

static int fail(const struct subcommand *command, GError *error)
{
    int status = subcommand_warn(error);

    if (status == EX_USAGE)
        fprintf(stderr, "bouncectl: see `bouncectl %s%s--help`\n", command != NULL ? command->name : "",
                command != NULL ? " " : "");
    return status;
}

static bool count_arguments(const struct subcommand *command, char **arguments, GError **error)
{
    unsigned n = g_strv_length(arguments);

    if (n < command->min_arguments)
        subcommand_usage_error(error, "%s: expected %s", command->name, command->arguments);
    else if (n > command->max_arguments)
        subcommand_usage_error(error, "%s: '%s' is one argument too many", command->name,
                               arguments[command->max_arguments]);
    else
        return true;
    return false;
}

/* All of them before anything is done. */
static bool check_addresses(const struct subcommand *command, char **arguments, GError **error)
{
    g_autoptr(GString) address = g_string_new(NULL);

    for (; command->addresses && *arguments != NULL; arguments++) {
        if (address_read(span_of(*arguments), ADDRESS_LISTED, address))
            continue;
        g_set_error(error, SUBCOMMAND_ERROR, EX_DATAERR, "%s: \"%s\" is not a mail address; nothing was done",
                    command->name, *arguments);
        return false;
    }
    return true;
}

/* False with an error when it does not stand with the other options. */
static bool set_up(const struct subcommand *command, struct context *context, const struct shared *shared,
                   GArray **chosen, GError **error)
{
    struct output *output = &context->output;

    context->config_file = shared->config;
    output_init(output, stdout, shared->json, shared->color > 0 ? shared->color - 1 : COLOUR_AUTO);
    if (shared->wide)
        output->width = 0;
    if (shared->columns == NULL)
        return true;
    if (shared->json) {
        subcommand_usage_error(error, "%s: --json and --columns exclude each other", command->name);
        return false;
    }
    *chosen = table_choose(command->columns, shared->columns, error);
    output->chosen = *chosen;
    g_prefix_error(error, "%s: --columns: ", command->name);
    return *chosen != NULL;
}

static bool wants_pager(const struct subcommand *command, const struct output *output, const struct shared *shared,
                        char **arguments)
{
    return command->paged && output->terminal && !shared->no_pager &&
           !g_strv_contains((const char *const *)arguments, "-");
}

static int run(const struct subcommand *command, const struct shared *shared, const struct options *own,
               char **arguments)
{
    struct context context = {.now = own->now};
    g_autoptr(GArray) chosen = NULL;
    struct pager *pager = NULL;
    GError *error = NULL;
    int status = EX_USAGE;

    if (set_up(command, &context, shared, &chosen, &error) && count_arguments(command, arguments, &error) &&
        check_addresses(command, arguments, &error)) {
        if (wants_pager(command, &context.output, shared, arguments))
            pager = pager_start(shared->wide);
        status = command->run(&context, own->object, arguments, &error);
    }
    context_clear(&context);
    pager_finish(pager);
    return error != NULL ? fail(command, error) : status;
}

/* `argv` starts with the subcommand's name. */
static int run_command(const struct subcommand *command, struct shared *shared, char ***argv)
{
    g_autofree void *object = g_malloc0(MAX(command->options_size, 1));
    const struct options groups[] = {{command->options, object, time(NULL)},
                                     {shared_options, shared, 0},
                                     {command->columns != NULL ? shared_table : NULL, shared, 0}};
    GError *error = NULL;
    int status = EX_OK;

    if (!options_parse(groups, G_N_ELEMENTS(groups), OPTIONS_ANYWHERE, argv, &error)) {
        g_prefix_error(&error, "%s: ", command->name);
        status = fail(command, error);
    } else if (shared->help) {
        help_command(stdout, command);
    } else {
        status = run(command, shared, &groups[0], *argv + 1);
    }
    options_clear(&groups[0]);
    return status;
}

static int run_program(const struct subcommand *const *commands, struct shared *shared, char ***argv)
{
    const struct options before = {shared_program, shared, 0};
    GError *error = NULL;

    if (!options_parse(&before, 1, OPTIONS_FIRST, argv, &error))
        return fail(NULL, error);
    if (shared->version) {
        printf("bouncectl %s\n", BOUNCED_VERSION);
        return EX_OK;
    }
    if ((*argv)[1] == NULL) {
        help_program(shared->help ? stdout : stderr, commands);
        return shared->help ? EX_OK : EX_USAGE;
    }
    const struct subcommand *command = subcommand_find(commands, (*argv)[1], &error);
    if (command == NULL)
        return fail(NULL, error);
    /* The rest is a command line of its own. */
    g_auto(GStrv) rest = g_strdupv(*argv + 1);
    return run_command(command, shared, &rest);
}

/* A shell that runs it in a loop sees that the user wants to end that, too. */
static void end_by_signal(int status)
{
    if (status <= 128)
        return;
    signal(status - 128, SIG_DFL);
    raise(status - 128);
}

int program_main(const struct subcommand *const *commands, char **argv)
{
    struct shared shared = {0};
    GError *error = NULL;
    const struct options all[] = {{shared_program, &shared, 0}, {shared_table, &shared, 0}};
    g_auto(GStrv) arguments = g_strdupv(argv);

    setlocale(LC_CTYPE, "");
    /* A parent may have ignored it; `bouncectl list | head` is to end in silence. */
    signal(SIGPIPE, SIG_DFL);
    int status = run_program(commands, &shared, &arguments);
    if (!output_finish(stdout, &error))
        status = subcommand_warn(error);
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        options_clear(&all[i]);
    end_by_signal(status);
    return status;
}
