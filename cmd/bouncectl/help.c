#include "cmd/bouncectl/help.h"

#include <string.h>

static void print_option(FILE *stream, const struct option_row *option)
{
    g_autofree char *letter = option->letter != '\0' ? g_strdup_printf("-%c, ", option->letter) : g_strdup("    ");
    g_autofree char *name = g_strdup_printf("%s--%s%s%s", letter, option->name, option->argument != NULL ? " " : "",
                                            option->argument != NULL ? option->argument : "");

    fprintf(stream, "  %-26s %s", name, option->summary);
    for (size_t i = 0; option->names != NULL && option->names[i] != NULL; i++)
        if (*option->names[i] != '\0')
            fprintf(stream, "%s%s", i == 0 ? ": " : ", ", option->names[i]);
    fputc('\n', stream);
}

static void print_options(FILE *stream, const struct option_row *option)
{
    for (; option != NULL && option->name != NULL; option++)
        print_option(stream, option);
}

void help_program(FILE *stream, const struct option_row *shared)
{
    fprintf(stream, "Usage: bouncectl [--config FILE] SUBCOMMAND [OPTION...] [ARGUMENT...]\n\n"
                    "Bounces, complaints and the suppression list, from the command line.\n\nSubcommands:\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        fprintf(stream, "  %-14s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(stream, "\nOptions:\n");
    print_options(stream, shared);
    fprintf(stream, "\n`bouncectl SUBCOMMAND --help` says more, with examples; bouncectl(1) says all.\n");
}

void help_command(FILE *stream, const struct command *command, const struct option_row *shared)
{
    fprintf(stream, "Usage: bouncectl %s [OPTION...]%s%s\n\n%s.\n", command->name, *command->arguments ? " " : "",
            command->arguments, command->summary);
    if (command->details != NULL)
        fprintf(stream, "\n%s", command->details);
    fprintf(stream, "\nOptions:\n");
    print_options(stream, command->options);
    print_options(stream, shared);
    fprintf(stream, "\nExamples:\n%s", command->examples);
}

/* Edits (insert, delete, change) between two words of fewer than 32 characters: one row of the Levenshtein matrix. */
static size_t distance(const char *a, const char *b)
{
    size_t row[32];
    size_t width = strlen(b);

    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < width; j++) {
            size_t change = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = MIN(change, MIN(row[j], diagonal) + 1);
        }
    }
    return row[width];
}

const struct command *help_nearest(const char *name)
{
    const struct command *nearest = NULL;
    size_t least = 1 + MAX(1, strlen(name) / 3);

    if (strlen(name) > 24)
        return NULL;
    for (size_t i = 0; commands[i] != NULL; i++) {
        size_t edits = distance(name, commands[i]->name);
        if (edits < least) {
            least = edits;
            nearest = commands[i];
        }
    }
    return nearest;
}
