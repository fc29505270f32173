#include "cmd/bouncectl/options.h"

#include <string.h>

#include "cmd/bouncectl/commands/commands.h"

#define NOW ((gint64)1795339800)

struct sample {
    bool flag;
    char *text;
    char *line;
    gint64 number;
    unsigned choice;
    gint64 moment;
    gint64 span;
};

static const char *const colours[] = {"", "red", "green", NULL};

static const struct option_row rows[] = {
    {"flag", 'f', OPTION_FLAG, offsetof(struct sample, flag), NULL, "", NULL},
    {"text", 't', OPTION_TEXT, offsetof(struct sample, text), "TEXT", "", NULL},
    {"line", 'l', OPTION_LINE, offsetof(struct sample, line), "TEXT", "", NULL},
    {"number", 'n', OPTION_NUMBER, offsetof(struct sample, number), "N", "", NULL},
    {"colour", 0, OPTION_CHOICE, offsetof(struct sample, choice), "COLOUR", "", colours},
    {"since", 0, OPTION_MOMENT, offsetof(struct sample, moment), "TIME", "", NULL},
    {"for", 0, OPTION_SPAN, offsetof(struct sample, span), "SPAN", "", NULL},
    {0},
};
static const struct option_row no_rows[] = {{0}};

/* A command line, and what is read out of it; what is left are the arguments. */
static const struct {
    const char *line, *read;
} cases[] = {
    {"", "flag 0 text - number 0 choice 0 moment 0 span 0 rest"},
    {"a b", "flag 0 text - number 0 choice 0 moment 0 span 0 rest a b"},
    {"--flag a --text=x b", "flag 1 text x number 0 choice 0 moment 0 span 0 rest a b"},
    {"-f -t x -n 3", "flag 1 text x number 3 choice 0 moment 0 span 0 rest"},
    {"-n3 -ft=x", "flag 1 text =x number 3 choice 0 moment 0 span 0 rest"},
    {"-fn12 a", "flag 1 text - number 12 choice 0 moment 0 span 0 rest a"},
    {"-tfn", "flag 0 text fn number 0 choice 0 moment 0 span 0 rest"},
    {"-ft x", "flag 1 text x number 0 choice 0 moment 0 span 0 rest"},
    {"-n 3 --text x --text y", "flag 0 text y number 3 choice 0 moment 0 span 0 rest"},
    {"--colour Green", "flag 0 text - number 0 choice 3 moment 0 span 0 rest"},
    {"--since 1m --for 90s", "flag 0 text - number 0 choice 0 moment 1795339740 span 90 rest"},
    {"-- --flag", "flag 0 text - number 0 choice 0 moment 0 span 0 rest --flag"},
    {"a -- --flag -- b", "flag 0 text - number 0 choice 0 moment 0 span 0 rest a --flag -- b"},
    {"-- a", "flag 0 text - number 0 choice 0 moment 0 span 0 rest a"},
    {"-", "flag 0 text - number 0 choice 0 moment 0 span 0 rest -"},
    {"--text \xff", "flag 0 text \xff number 0 choice 0 moment 0 span 0 rest"},
    {"--nothing", "error: there is no option --nothing"},
    {"--text", "error: --text: expected TEXT after it"},
    {"--flga", "error: there is no option --flga; did you mean --flag?"},
    {"--flag=1", "error: --flag: takes no value"},
    {"-fx", "error: there is no option -x"},
    {"-n", "error: --number: expected N after it"},
    {"--text x --line \xc3\xbc", "flag 0 text x line \xc3\xbc number 0 choice 0 moment 0 span 0 rest"},
    {"--line=", "error: --line: it is empty"},
    {"--line=\xc2\xa0", "error: --line: it is empty"},
    {"--line \xff", "error: --line: it is not UTF-8"},
    {"--line \x1b[31m", "error: --line: it has control characters"},
    {"--line a\tb", "error: --line: it has control characters"},
    {"--line a\nb", "error: --line: it has control characters"},
    {"--line a\xc2\x9b", "error: --line: it has control characters"},
    {"--line a\xe2\x80\xa8", "error: --line: it has control characters"},
    {"--number 0", "error: --number: "},
    {"--number -1", "error: --number: "},
    {"--number 3x", "error: --number: "},
    {"-n x", "error: --number: "},
    {"--colour blue", "error: --colour: 'blue' is not one of red, green"},
    {"--colour gren", "error: --colour: there is no 'gren'; did you mean 'green'?"},
    {"--since never", "error: --since: 'never' is not a time"},
    {"--for 0d", "error: --for: '0d' is not a span"},
};

static char *read_line(const char *line)
{
    g_autofree char *whole = g_strdup_printf("program %s", line);
    g_auto(GStrv) argv = g_strsplit(*line == '\0' ? "program" : whole, " ", -1);
    struct sample sample = {0};
    const struct options groups[] = {{no_rows, &sample, NOW}, {NULL, NULL, NOW}, {rows, &sample, NOW}};
    g_autoptr(GError) error = NULL;
    char *read;

    if (options_parse(groups, G_N_ELEMENTS(groups), OPTIONS_ANYWHERE, &argv, &error)) {
        g_autofree char *rest = g_strjoinv(" ", argv + 1);
        read =
            g_strdup_printf("flag %d text %s%s%s number %" G_GINT64_FORMAT " choice %u moment %" G_GINT64_FORMAT
                            " span %" G_GINT64_FORMAT " rest%s%s",
                            sample.flag, sample.text != NULL ? sample.text : "-", sample.line != NULL ? " line " : "",
                            sample.line != NULL ? sample.line : "", sample.number, sample.choice, sample.moment,
                            sample.span, argv[1] != NULL ? " " : "", rest);
    } else {
        read = g_strdup_printf("error: %s", error->message);
    }
    options_clear(&groups[2]);
    return read;
}

static void test_cases(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *read = read_line(cases[i].line);
        bool error = g_str_has_prefix(cases[i].read, "error");
        if (error ? !g_str_has_prefix(read, cases[i].read) : strcmp(read, cases[i].read) != 0)
            g_error("\"%s\": got \"%s\", expected \"%s\"", cases[i].line, read, cases[i].read);
    }
}

/* Conditions that every row of every command must meet. */
static void check_option(const struct subcommand *command, const struct option_row *row)
{
    bool good = row->offset < command->options_size && (row->type == OPTION_FLAG) == (row->argument == NULL) &&
                (row->type == OPTION_CHOICE) == (row->names != NULL) && *row->summary != '\0';

    for (const struct option_row *other = row + 1; other->name != NULL; other++)
        good = good && strcmp(row->name, other->name) != 0 && (row->letter == '\0' || row->letter != other->letter);
    if (!good)
        g_error("%s: the row of --%s is wrong", command->name, row->name);
}

static void test_commands(void)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        const struct subcommand *command = commands[i];
        bool good = g_strcmp0(subcommand_nearest(commands, command->name), command->name) == 0 &&
                    strlen(command->summary) < 80 && !g_str_has_suffix(command->summary, ".") &&
                    strstr(command->examples, command->name) != NULL && g_str_has_suffix(command->examples, "\n") &&
                    command->min_arguments <= command->max_arguments &&
                    (*command->arguments == '\0') == (command->max_arguments == 0);

        if (!good)
            g_error("the row of %s is wrong", command->name);
        for (const struct option_row *row = command->options; row != NULL && row->name != NULL; row++)
            check_option(command, row);
    }
}

static void test_nearest(void)
{
    static const struct {
        const char *typed, *meant;
    } typos[] = {
        {"inspekt", "inspect"},
        {"ls", NULL},
        {"lst", "list"},
        {"expalin", "explain"},
        {"chek", "check"},
        {"xyzzy", NULL},
        {"returnpath", "return-path"},
        {"", NULL},
        {"ad", "add"},
        {"remvoe", "remove"},
        {"a-word-that-is-longer-than-any-name-of-a-command", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(typos); i++) {
        const char *nearest = subcommand_nearest(commands, typos[i].typed);
        if (g_strcmp0(nearest, typos[i].meant) != 0)
            g_error("'%s': got %s, expected %s", typos[i].typed, nearest != NULL ? nearest : "none",
                    typos[i].meant != NULL ? typos[i].meant : "none");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/options/cases", test_cases);
    g_test_add_func("/options/commands", test_commands);
    g_test_add_func("/options/nearest", test_nearest);
    return g_test_run();
}
