#include "cmd/bouncectl/program.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "cmd/bouncectl/help.h"
#include "parser/address.h"

static int fail(const struct subcommand *command, GError *error)
{
    int status = subcommand_warn(error);

    if (status == EX_USAGE)
        fprintf(stderr, "bouncectl: see `bouncectl %s%s--help`\n", command != NULL ? command->name : "",
                command != NULL ? " " : "");
    return status;
}

/* What may stand before and after the subcommand. */
struct shared {
    char *config;
    bool json;
    bool help;
    bool version;
};

#define SHARED                                                                                                         \
    {"config", 0, OPTION_TEXT, offsetof(struct shared, config), "FILE", "read this config", NULL},                     \
        {"json", 0, OPTION_FLAG, offsetof(struct shared, json), NULL, "print one JSON object a line", NULL},           \
    {                                                                                                                  \
        "help", 'h', OPTION_FLAG, offsetof(struct shared, help), NULL, "print this and exit", NULL                     \
    }

static const struct option_row program_options[] = {
    SHARED,
    {"version", 0, OPTION_FLAG, offsetof(struct shared, version), NULL, "print the version and exit", NULL},
    {0},
};
static const struct option_row shared_options[] = {SHARED, {0}};

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
        if (address_read(span_of(*arguments), ADDRESS_ALONE, address))
            continue;
        g_set_error(error, SUBCOMMAND_ERROR, EX_DATAERR, "%s: \"%s\" is not a mail address; nothing was done",
                    command->name, *arguments);
        return false;
    }
    return true;
}

static int run(const struct subcommand *command, struct context *context, const void *options, char **arguments)
{
    GError *error = NULL;
    int status = EX_USAGE;

    if (count_arguments(command, arguments, &error) && check_addresses(command, arguments, &error))
        status = command->run(context, options, arguments, &error);
    return error != NULL ? fail(command, error) : status;
}

/* `argv` starts with the subcommand's name. */
static int run_command(const struct subcommand *command, struct shared *shared, char ***argv)
{
    g_autofree void *object = g_malloc0(MAX(command->options_size, 1));
    struct context context = {.now = time(NULL)};
    struct options own = {command->options, object, context.now};
    struct options common = {shared_options, shared, context.now};
    GError *error = NULL;
    int status = EX_OK;

    if (!options_parse(&common, &own, argv, &error)) {
        g_prefix_error(&error, "%s: ", command->name);
        status = fail(command, error);
    } else if (shared->help) {
        help_command(stdout, command, shared_options);
    } else {
        context.config_file = shared->config;
        output_init(&context.output, stdout, shared->json);
        status = run(command, &context, object, *argv + 1);
        context_clear(&context);
    }
    options_clear(&own);
    return status;
}

static const struct subcommand *find(const struct subcommand *const *commands, const char *name, GError **error)
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

static int run_program(const struct subcommand *const *commands, struct shared *shared, char ***argv)
{
    struct options common = {program_options, shared, 0};
    GError *error = NULL;

    if (!options_parse(&common, NULL, argv, &error))
        return fail(NULL, error);
    if (shared->version) {
        printf("bouncectl %s\n", BOUNCED_VERSION);
        return EX_OK;
    }
    if ((*argv)[1] == NULL) {
        help_program(shared->help ? stdout : stderr, commands, program_options);
        return shared->help ? EX_OK : EX_USAGE;
    }
    const struct subcommand *command = find(commands, (*argv)[1], &error);
    if (command == NULL)
        return fail(NULL, error);
    /* The rest is a command line of its own. */
    g_auto(GStrv) rest = g_strdupv(*argv + 1);
    return run_command(command, shared, &rest);
}

int program_main(const struct subcommand *const *commands, char **argv)
{
    struct shared shared = {0};
    GError *error = NULL;
    const struct options common = {program_options, &shared, 0};
    g_auto(GStrv) arguments = g_strdupv(argv);

    setlocale(LC_CTYPE, "");
    /* A parent may have ignored it; `bouncectl list | head` is to end in silence. */
    signal(SIGPIPE, SIG_DFL);
    int status = run_program(commands, &shared, &arguments);
    if (!output_finish(stdout, &error))
        status = subcommand_warn(error);
    options_clear(&common);
    return status;
}
