#include "cmd/bouncectl/command.h"

#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "cmd/bouncectl/help.h"
#include "cmd/bouncectl/mailbox.h"
#include "cmd/config/config_error.h"
#include "parser/address.h"

GQuark command_error_quark(void)
{
    return g_quark_from_static_string("command-error");
}

void command_usage_error(GError **error, const char *text, ...)
{
    va_list arguments;

    va_start(arguments, text);
    if (error != NULL)
        *error = g_error_new_valist(COMMAND_ERROR, EX_USAGE, text, arguments);
    va_end(arguments);
}

/* --- errors ------------------------------------------------------------------------------------------------------- */

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
    {g_file_error_quark, G_FILE_ERROR_NOENT, EX_NOINPUT},
    {g_file_error_quark, G_FILE_ERROR_NOTDIR, EX_NOINPUT},
    {g_file_error_quark, G_FILE_ERROR_ACCES, EX_NOPERM},
    {g_file_error_quark, G_FILE_ERROR_PERM, EX_NOPERM},
    {g_file_error_quark, -1, EX_IOERR},
};

static int exit_status(const GError *error)
{
    if (error->domain == COMMAND_ERROR)
        return error->code;
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
        if (error->domain == statuses[i].domain() && (statuses[i].code == -1 || error->code == statuses[i].code))
            return statuses[i].status;
    }
    return EX_SOFTWARE;
}

int command_warn(GError *error)
{
    int status = exit_status(error);

    fprintf(stderr, "bouncectl: %s\n", error->message);
    g_error_free(error);
    return status;
}

static int fail(const struct command *command, GError *error)
{
    int status = command_warn(error);

    if (status == EX_USAGE)
        fprintf(stderr, "bouncectl: see `bouncectl %s%s--help`\n", command != NULL ? command->name : "",
                command != NULL ? " " : "");
    return status;
}

/* --- the program -------------------------------------------------------------------------------------------------- */

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

static bool count_arguments(const struct command *command, char **arguments, GError **error)
{
    unsigned n = g_strv_length(arguments);

    if (n < command->min_arguments)
        command_usage_error(error, "%s: expected %s", command->name, command->arguments);
    else if (n > command->max_arguments)
        command_usage_error(error, "%s: '%s' is one argument too many", command->name,
                            arguments[command->max_arguments]);
    else
        return true;
    return false;
}

/* All of them before anything is done. */
static bool check_addresses(const struct command *command, char **arguments, GError **error)
{
    g_autoptr(GString) address = g_string_new(NULL);

    for (; command->addresses && *arguments != NULL; arguments++) {
        if (address_read(span_of(*arguments), ADDRESS_ALONE, address))
            continue;
        g_set_error(error, COMMAND_ERROR, EX_DATAERR, "%s: \"%s\" is not a mail address; nothing was done",
                    command->name, *arguments);
        return false;
    }
    return true;
}

static int run(const struct command *command, struct context *context, const void *options, char **arguments)
{
    GError *error = NULL;
    int status = EX_USAGE;

    if (count_arguments(command, arguments, &error) && check_addresses(command, arguments, &error))
        status = command->run(context, options, arguments, &error);
    return error != NULL ? fail(command, error) : status;
}

/* `argv` starts with the subcommand's name. */
static int run_command(const struct command *command, struct shared *shared, char ***argv)
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

static const struct command *find(const char *name, GError **error)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    const struct command *nearest = help_nearest(name);
    if (nearest != NULL)
        command_usage_error(error, "there is no subcommand '%s'; did you mean '%s'?", name, nearest->name);
    else
        command_usage_error(error, "there is no subcommand '%s'", name);
    return NULL;
}

static int run_program(struct shared *shared, char ***argv)
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
        help_program(shared->help ? stdout : stderr, program_options);
        return shared->help ? EX_OK : EX_USAGE;
    }
    const struct command *command = find((*argv)[1], &error);
    if (command == NULL)
        return fail(NULL, error);
    /* The rest is a command line of its own. */
    g_auto(GStrv) rest = g_strdupv(*argv + 1);
    return run_command(command, shared, &rest);
}

int command_main(char **argv)
{
    struct shared shared = {0};
    GError *error = NULL;
    const struct options common = {program_options, &shared, 0};
    g_auto(GStrv) arguments = g_strdupv(argv);

    setlocale(LC_CTYPE, "");
    /* A parent may have ignored it; `bouncectl list | head` is to end in silence. */
    signal(SIGPIPE, SIG_DFL);
    int status = run_program(&shared, &arguments);
    if (!output_finish(stdout, &error))
        status = command_warn(error);
    options_clear(&common);
    return status;
}
