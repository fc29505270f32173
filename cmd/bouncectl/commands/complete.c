#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/shared.h"

/* A command line up to the cursor, as far as it is understood. */
struct line {
    struct context *context;
    const struct subcommand *command; /* NULL: none is named yet */
    const struct option_row *option;  /* whose value is the last word; NULL: none */
    const char *word;                 /* the last one, or the value in it */
    const char *prefix;               /* of the last word, that goes before each value: "--reason=" */
};

static const char *const moments[] = {"today", "yesterday", "now", "7d", "30d", NULL};
static const char *const spans[] = {"7d", "30d", "90d", "1y", NULL};

static void offer(const struct line *line, const char *before, const char *word)
{
    g_autofree char *whole = g_strconcat(line->prefix, before, word, NULL);

    if (*word != '\0' && g_str_has_prefix(whole + strlen(line->prefix), line->word))
        fprintf(line->context->output.stream, "%s\n", whole);
}

static void offer_all(const struct line *line, const char *const *words)
{
    for (; *words != NULL; words++)
        offer(line, "", *words);
}

/* --- options -------------------------------------------------------------------------------------------------------
 */

enum { GROUPS = 3 };

static void groups_of(const struct subcommand *command, const struct option_row *groups[GROUPS])
{
    groups[0] = command != NULL ? command->options : NULL;
    groups[1] = command != NULL ? shared_options : shared_program;
    groups[2] = command != NULL && command->columns != NULL ? shared_table : NULL;
}

/* The option that `word` names, "--reason" or "-r". */
static const struct option_row *option_of(const struct subcommand *command, const char *word)
{
    const struct option_row *groups[GROUPS];

    groups_of(command, groups);
    for (size_t i = 0; i < GROUPS; i++) {
        for (const struct option_row *row = groups[i]; row != NULL && row->name != NULL; row++) {
            if (g_str_has_prefix(word, "--") ? strcmp(word + 2, row->name) == 0
                                             : word[0] == '-' && word[1] == row->letter && word[2] == '\0')
                return row;
        }
    }
    return NULL;
}

static void offer_options(const struct line *line)
{
    const struct option_row *groups[GROUPS];

    groups_of(line->command, groups);
    for (size_t i = 0; i < GROUPS; i++) {
        for (const struct option_row *row = groups[i]; row != NULL && row->name != NULL; row++)
            offer(line, "--", row->name);
    }
}

static void offer_streams(const struct line *line)
{
    const struct config *config = context_config(line->context, NULL);

    for (guint i = 0; config != NULL && i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];
        if (path->stream != NULL)
            offer(line, "", path->stream);
    }
}

/* A list with commas: what stands before the last of them stays. */
static void offer_columns(const struct line *line)
{
    const char *comma = strrchr(line->word, ',');
    g_autofree char *before = comma != NULL ? g_strndup(line->word, (size_t)(comma - line->word) + 1) : g_strdup("");
    const struct table_column *column = line->command != NULL ? line->command->columns : NULL;

    for (; column != NULL && column->heading != NULL; column++) {
        g_autofree char *name = table_column_name(column);
        offer(line, before, name);
    }
}

static void offer_values(const struct line *line)
{
    const struct option_row *option = line->option;

    if (option->type == OPTION_CHOICE)
        offer_all(line, option->names);
    else if (option->type == OPTION_MOMENT)
        offer_all(line, moments);
    else if (option->type == OPTION_SPAN)
        offer_all(line, spans);
    else if (strcmp(option->name, "stream") == 0)
        offer_streams(line);
    else if (strcmp(option->name, "columns") == 0)
        offer_columns(line);
}

/* --- words ---------------------------------------------------------------------------------------------------------
 */

static void offer_subcommands(const struct line *line)
{
    for (size_t i = 0; commands[i] != NULL; i++)
        offer(line, "", commands[i]->name);
}

/* The row of a subcommand says which words it takes: those in small letters, as "check" in "check [FILE...]". */
static void offer_arguments(const struct line *line)
{
    g_auto(GStrv) words = g_strsplit_set(line->command->arguments, " |[].", -1);

    for (char **word = words; *word != NULL; word++) {
        if (strcmp(*word, "SUBCOMMAND") == 0)
            offer_subcommands(line);
        else if (g_ascii_islower(**word))
            offer(line, "", *word);
    }
}

/* bash gives "--reason=hard" as three words. */
static bool is_equals(const char *word)
{
    return strcmp(word, "=") == 0;
}

/* Reads all words but the last one. */
static void read_words(struct line *line, char **words)
{
    for (; words[1] != NULL; words++) {
        if (is_equals(*words))
            continue;
        if (line->option != NULL) {
            if (strcmp(line->option->name, "config") == 0)
                line->context->config_file = *words;
            line->option = NULL;
        } else if (**words == '-') {
            line->option = option_of(line->command, *words);
            if (line->option != NULL && line->option->type == OPTION_FLAG)
                line->option = NULL;
        } else if (line->command == NULL) {
            line->command = subcommand_find(commands, *words, NULL);
        }
    }
    line->word = is_equals(*words) ? "" : *words;
}

static int complete(struct context *context, G_GNUC_UNUSED const void *options, char **arguments,
                    G_GNUC_UNUSED GError **error)
{
    struct line line = {.context = context, .prefix = ""};
    g_autofree char *name = NULL;

    read_words(&line, arguments);
    const char *equals = strchr(line.word, '=');
    if (line.option == NULL && g_str_has_prefix(line.word, "--") && equals != NULL) {
        name = g_strndup(line.word, (size_t)(equals - line.word));
        line.option = option_of(line.command, name);
    }
    g_autofree char *prefix = name != NULL && line.option != NULL ? g_strconcat(name, "=", NULL) : g_strdup("");
    line.prefix = prefix;
    if (*prefix != '\0' && equals != NULL)
        line.word = equals + 1;
    if (line.option != NULL)
        offer_values(&line);
    else if (*line.word == '-')
        offer_options(&line);
    else if (line.command == NULL)
        offer_subcommands(&line);
    else
        offer_arguments(&line);
    return EX_OK;
}

const struct subcommand subcommand_complete = {
    .name = "complete",
    .arguments = "WORD...",
    .summary = "Print what may stand for the last word of a command line",
    .details =
        "For the completion of shells, which is installed for bash, zsh and fish: the words behind -- are those\n"
        "of a command line without its first one. Nothing is printed where a file, an address or a text is\n"
        "expected.\n",
    .examples = "  bouncectl complete -- list --reason us\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .run = complete,
};
