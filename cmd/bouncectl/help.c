#include "cmd/bouncectl/help.h"

#include "cmd/bouncectl/shared.h"

enum { NAMES_MAX = 12 }; /* a longer list is for the manual */

static void print_names(FILE *stream, const struct option_row *option)
{
    const char *separator = ": ";

    if (option->names == NULL)
        return;
    if (g_strv_length((char **)option->names) > NAMES_MAX) {
        fprintf(stream, "; see %sS in bouncectl(1)", option->argument);
        return;
    }
    for (size_t i = 0; option->names[i] != NULL; i++) {
        if (*option->names[i] == '\0')
            continue;
        fprintf(stream, "%s%s", separator, option->names[i]);
        separator = ", ";
    }
}

static void print_option(FILE *stream, const struct option_row *option)
{
    g_autofree char *letter = option->letter != '\0' ? g_strdup_printf("-%c, ", option->letter) : g_strdup("    ");
    g_autofree char *name = g_strdup_printf("%s--%s%s%s", letter, option->name, option->argument != NULL ? " " : "",
                                            option->argument != NULL ? option->argument : "");

    fprintf(stream, "  %-26s %s", name, option->summary);
    print_names(stream, option);
    fputc('\n', stream);
}

static void print_options(FILE *stream, const struct option_row *option)
{
    for (; option != NULL && option->name != NULL; option++)
        print_option(stream, option);
}

static void print_columns(FILE *stream, const struct table_column *column)
{
    const char *separator = "\nColumns: ";

    for (; column != NULL && column->heading != NULL; column++) {
        g_autofree char *name = table_column_name(column);
        fprintf(stream, "%s%s", separator, name);
        separator = ", ";
    }
    if (*separator == ',')
        fputs(".\n", stream);
}

void help_program(FILE *stream, const struct subcommand *const *commands)
{
    fprintf(stream, "Usage: bouncectl [--config FILE] SUBCOMMAND [OPTION...] [ARGUMENT...]\n\n"
                    "Bounces, complaints and the suppression list, from the command line.\n\nSubcommands:\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        fprintf(stream, "  %-14s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(stream, "\nOptions:\n");
    print_options(stream, shared_program);
    fprintf(stream, "\n`bouncectl SUBCOMMAND --help` says more, with examples; bouncectl(1) says all.\n");
}

void help_command(FILE *stream, const struct subcommand *command)
{
    fprintf(stream, "Usage: bouncectl %s [OPTION...]%s%s\n\n%s.\n", command->name, *command->arguments ? " " : "",
            command->arguments, command->summary);
    if (command->details != NULL)
        fprintf(stream, "\n%s", command->details);
    fprintf(stream, "\nOptions:\n");
    print_options(stream, command->options);
    print_options(stream, command->columns != NULL ? shared_table : NULL);
    print_options(stream, shared_options);
    print_columns(stream, command->columns);
    fprintf(stream, "\nExamples:\n%s", command->examples);
}
