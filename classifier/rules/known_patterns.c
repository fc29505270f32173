/* known_patterns.c: a program of the build: analyses the patterns of rules and prints the table of known_pattern.h as
 * C. A pattern that is not of the language, or that PCRE2 refuses, fails the build.
 *
 * usage: known_patterns FILE.rules... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/language/known_pattern.h"
#include "classifier/language/pattern.h"

/* pattern.c looks here: nothing is known yet. */
const struct known_pattern known_patterns[] = {{.source = 0}};
const char known_pattern_texts[] = "";
const size_t known_pattern_count = 0;

/* The output: the rows, and the texts that they point into. */
struct table {
    GString *rows;
    GString *texts;
    size_t length; /* of the texts */
};

/* With its NUL; returns where it stands. */
static size_t add_text(struct table *table, const char *text)
{
    g_autofree char *escaped = g_strescape(text, NULL);
    size_t start = table->length;

    g_string_append_printf(table->texts, "    \"%s\\0\"\n", escaped);
    table->length += strlen(text) + 1;
    return start;
}

static size_t add_texts(struct table *table, const char *texts)
{
    size_t start = table->length;

    for (; *texts; texts += strlen(texts) + 1)
        add_text(table, texts);
    add_text(table, "");
    return start;
}

static gboolean add_row(void *source, void *value, void *data)
{
    const struct pattern *pattern = value;
    const char *companions = pattern_companions(pattern);
    struct table *table = data;
    size_t at = add_text(table, source);
    size_t literals = add_texts(table, pattern_literals(pattern));

    g_string_append_printf(table->rows, "    {%zu, %zu, %zu, %s},\n", at, literals,
                           companions != NULL ? add_texts(table, companions) : 0,
                           pattern_is_literal(pattern) ? "true" : "false");
    return FALSE;
}

/* "match PATTERN", of which the reader of rules.c takes the pattern in the same way. */
static const char *pattern_of(char *line)
{
    g_strstrip(line);
    if (!g_str_has_prefix(line, "match") || strchr(" \t", line[strlen("match")]) == NULL)
        return NULL;
    return g_strchug(line + strlen("match"));
}

static void take_file(const char *path, GTree *patterns)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, &error))
        g_error("%s", error->message);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *source = pattern_of(lines[i]);
        if (source == NULL || !*source || g_tree_lookup(patterns, source) != NULL)
            continue;
        struct pattern *pattern = pattern_new(source, &error);
        if (pattern == NULL) {
            fprintf(stderr, "%s:%u: %s\n", path, i + 1, error->message);
            exit(EXIT_FAILURE);
        }
        g_tree_insert(patterns, g_strdup(source), pattern);
    }
}

static int compare(const void *a, const void *b, void *data G_GNUC_UNUSED)
{
    return strcmp(a, b);
}

int main(int argc, char **argv)
{
    g_autoptr(GTree) patterns = g_tree_new_full(compare, NULL, g_free, (GDestroyNotify)pattern_free);

    for (int i = 1; i < argc; i++)
        take_file(argv[i], patterns);
    struct table table = {g_string_new(NULL), g_string_new(NULL), 0};
    g_tree_foreach(patterns, add_row, &table);
    printf("#include \"classifier/language/known_pattern.h\"\n\nconst struct known_pattern known_patterns[] = {\n%s};\n"
           "const size_t known_pattern_count = %d;\nconst char known_pattern_texts[] =\n%s    \"\";\n",
           table.rows->str, g_tree_nnodes(patterns), table.texts->str);
    g_string_free(table.rows, TRUE);
    g_string_free(table.texts, TRUE);
    return EXIT_SUCCESS;
}
