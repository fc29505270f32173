#include "cmd/bouncectl/display/output.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/bouncectl/display/table.h"
#include "tests/unit/names.h"

static const struct table_column columns[] = {{.heading = "NAME"},
                                              {.heading = "N", .right = true, .most = 5},
                                              {.heading = "A TEXT", .cut = CELL_END, .least = 6},
                                              {0}};

static char *read_back(FILE *file)
{
    char *text = g_malloc0(4096);

    rewind(file);
    g_assert_cmpuint(fread(text, 1, 4095, file), <, 4095);
    fclose(file);
    return text;
}

/* In a pipe or a file: nothing is cut, nothing can break the lines. */
static void test_plain_table(void)
{
    static const struct {
        const char *cells[3], *line;
    } cases[] = {
        {{"a", "1", "text"}, "a\t1\ttext\n"},
        {{"a", NULL, NULL}, "a\t\t\n"},
        {{"a\tb", "1", "two\nlines\r\n"}, "a b\t1\ttwo lines  \n"},
        {{"\033[31mred", "1", ""}, "?[31mred\t1\t\n"},
        {{"ä", "1", "日本"}, "ä\t1\t日本\n"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        FILE *file = tmpfile();
        struct output output;

        output_init(&output, file, false, COLOUR_AUTO);
        g_assert_false(output.terminal);
        struct table *table = table_new(&output, columns, NULL);
        table_add(table, cases[i].cells);
        table_free(table);
        g_autofree char *got = read_back(file);
        g_assert_cmpstr(got, ==, cases[i].line);
    }
}

/* On a terminal: a heading, columns that line up, long names cut. */
static void test_fitted_table(void)
{
    FILE *file = tmpfile();
    const struct output output = {.stream = file, .terminal = true, .width = 80};
    struct table *table = table_new(&output, columns, NULL);

    table_add(table, (const char *const[]){"short", "1", "x"});
    table_add(table, (const char *const[]){"much longer", "12345678", NULL});
    table_free(table);
    g_autofree char *got = read_back(file);
    g_auto(GStrv) lines = g_strsplit(got, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 4);
    g_assert_true(g_str_has_prefix(lines[0], "NAME"));
    g_assert_true(g_str_has_prefix(lines[1], "short "));
    g_assert_cmpint(strstr(lines[0], "N A TEXT") - lines[0], ==, strstr(lines[1], "1 x") - lines[1]);
    g_assert_nonnull(strstr(lines[2], " 12345"));
    g_assert_null(strstr(got, "123456"));
    g_assert_null(strchr(got, '\033'));
}

/* Columns without text go, a text is cut, and what there is no room for is told. */
static void test_narrow_table(void)
{
    static const struct table_column narrow[] = {{.heading = "NAME"},
                                                 {.heading = "EMPTY"},
                                                 {.heading = "LAST", .rank = 2},
                                                 {.heading = "TEXT", .rank = 1, .cut = CELL_END, .least = 20},
                                                 {0}};
    FILE *file = tmpfile();
    const struct output output = {.stream = file, .terminal = true, .width = 40};
    struct table *table = table_new(&output, narrow, "none");

    table_add(table, (const char *const[]){"n", NULL, "last", "0123456789012345678901234567890123456789"});
    table_add(table, (const char *const[]){"n", "", "0123456789", NULL});
    table_free(table);
    g_autofree char *got = read_back(file);
    g_assert_cmpstr(got, ==,
                    "NAME LAST       TEXT\n"
                    "n    last       01234567890123456789012~\n"
                    "n    0123456789\n");

    const struct output narrower = {.stream = tmpfile(), .terminal = true, .width = 30};
    table = table_new(&narrower, narrow, "none");
    table_add(table, (const char *const[]){"n", NULL, "0123456789", "text"});
    table_add(table, (const char *const[]){"n", NULL, "0123456789", "0123456789012345678901234567890123456789"});
    table_free(table);
    g_autofree char *got_narrower = read_back(narrower.stream);
    g_assert_cmpstr(got_narrower, ==,
                    "NAME TEXT\n"
                    "n    text\n"
                    "n    012345678901234567890123~\n"
                    "not shown: 1 column (--wide)\n");
}

/* Those that are asked for, in their order, for people and for programs; empty ones, too. */
static void test_chosen_columns(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) chosen = table_choose(columns, "a_text, NAME", NULL);
    const struct output pipe = {.stream = tmpfile(), .chosen = chosen};
    const struct output terminal = {.stream = tmpfile(), .terminal = true, .width = 80, .chosen = chosen};
    const struct output *both[] = {&pipe, &terminal};
    static const char *const lines[] = {"\tname\n", "A TEXT NAME\n       name\n"};

    for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
        struct table *table = table_new(both[i], columns, NULL);
        table_add(table, (const char *const[]){"name", "1", NULL});
        table_free(table);
        g_autofree char *got = read_back(both[i]->stream);
        g_assert_cmpstr(got, ==, lines[i]);
    }
    g_assert_null(table_choose(columns, "name,texts", &error));
    g_assert_cmpstr(error->message, ==, "there is no column 'texts'; expected name, n, a_text");
}

/* People are told that there is nothing; programs see it. */
static void test_no_rows(void)
{
    static const struct {
        bool terminal;
        const char *text;
    } cases[] = {{true, "no entries\n"}, {false, ""}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct output output = {.stream = tmpfile(), .terminal = cases[i].terminal, .width = 80};
        table_free(table_new(&output, columns, "no entries"));
        g_autofree char *got = read_back(output.stream);
        g_assert_cmpstr(got, ==, cases[i].text);
    }
}

static void test_times(void)
{
    const struct output plain = {.stream = stdout}, terminal = {.stream = stdout, .terminal = true};
    g_autoptr(Table) pipe = table_new(&plain, columns, NULL), fitted = table_new(&terminal, columns, NULL);
    g_autofree char *exact = table_time(pipe, 1795339800), *short_one = table_time(fitted, 1795339800),
                    *none = table_time(pipe, 0), *exact_day = table_day(pipe, 1795339800),
                    *short_day = table_day(fitted, 1795339800);

    g_assert_cmpstr(exact, ==, "2026-11-22T09:30:00Z");
    g_assert_cmpstr(short_one, ==, "2026-11-22 09:30");
    g_assert_cmpstr(none, ==, "");
    g_assert_cmpstr(exact_day, ==, "2026-11-22T09:30:00Z");
    g_assert_cmpstr(short_day, ==, "2026-11-22");
}

static void test_styles(void)
{
    static const struct {
        enum output_style style;
        const char *sequence, *words;
    } rows[] = {
        {OUTPUT_PLAIN, "\033[0m", ""},
        {OUTPUT_BOLD, "\033[1m", ""},
        {OUTPUT_FAINT, "\033[2m", ""},
        {OUTPUT_RED, "\033[31m", "hard complaint unsubscribe suppressed listed failed appears"},
        {OUTPUT_GREEN, "\033[32m", "cleared goes delivered"},
        {OUTPUT_YELLOW, "\033[33m", "soft counted waiting withheld"},
    };
    const struct output colours = {.colour = true}, none = {.colour = false};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) words = g_strsplit(rows[i].words, " ", 0);
        g_assert_cmpstr(output_style(&colours, rows[i].style), ==, rows[i].sequence);
        g_assert_cmpstr(output_style(&none, rows[i].style), ==, "");
        for (char **word = words; *word != NULL; word++) {
            g_test_message("%s", *word);
            g_assert_cmpstr(output_word_style(&colours, *word), ==, rows[i].sequence);
        }
    }
    g_assert_cmpstr(output_word_style(&colours, "other"), ==, "");
    names_check(colour_names, "auto always never");
}

/* Neither a NUL nor an escape sequence hides the rest from a person. */
static void test_message(void)
{
    static const char bytes[] = "Subject: a\0b\r\n\033[2J\n\nend";
    FILE *file = tmpfile();
    struct output output;

    output_init(&output, file, false, COLOUR_NEVER);
    output_message(&output, "  ", bytes, sizeof bytes - 1);
    g_autofree char *text = read_back(file);
    g_assert_cmpstr(text, ==, "  Subject: a?b\n  ?[2J\n  \n  end\n");
}

static void test_finish(void)
{
    g_autoptr(GError) error = NULL;
    FILE *full = fopen("/dev/full", "w");

    fputs("x", full);
    g_assert_false(output_finish(full, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
    fclose(full);

    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    FILE *broken = fdopen(ends[1], "w");
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    fputs("x", broken);
    g_assert_true(output_finish(broken, NULL));
    fclose(broken);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/output/plain-table", test_plain_table);
    g_test_add_func("/output/fitted-table", test_fitted_table);
    g_test_add_func("/output/narrow-table", test_narrow_table);
    g_test_add_func("/output/chosen-columns", test_chosen_columns);
    g_test_add_func("/output/no-rows", test_no_rows);
    g_test_add_func("/output/times", test_times);
    g_test_add_func("/output/styles", test_styles);
    g_test_add_func("/output/message", test_message);
    g_test_add_func("/output/finish", test_finish);
    return g_test_run();
}
