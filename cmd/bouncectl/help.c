#include "cmd/bouncectl/help.h"

#include <string.h>

#define WORD_MAX 24  /* longer words are no slips of ours */
#define NAMES_MAX 12 /* a longer list is for the manual */

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

/* How many edits are a slip in a word of this length. */
static size_t most_edits(const char *word)
{
    return MAX(1, strlen(word) / 3);
}

const struct command *help_nearest(const char *name)
{
    const struct command *nearest = NULL;
    size_t least = 1 + most_edits(name);

    if (strlen(name) > WORD_MAX)
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

const char *help_nearest_name(const char *const *names, const char *name)
{
    const char *nearest = NULL;
    size_t least = 1 + most_edits(name);

    if (strlen(name) > WORD_MAX)
        return NULL;
    for (size_t i = 0; names[i] != NULL; i++) {
        size_t edits = *names[i] != '\0' ? distance(name, names[i]) : least;
        if (edits < least) {
            least = edits;
            nearest = names[i];
        }
    }
    return nearest;
}
