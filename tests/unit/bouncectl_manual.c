/* bouncectl(1) and the tables say the same, both ways: subcommands, options, the fields of an event, effects, reasons.
 */
#include <string.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/shared.h"
#include "store/policy.h"

struct page {
    char **lines;
};

static void open_page(struct page *page)
{
    g_autofree char *path = g_build_filename(g_getenv("SOURCE"), "cmd/bouncectl/bouncectl.1", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    page->lines = g_strsplit(text, "\n", -1);
}

/* The words behind `macro` in the lines of the section (".Sh NAME" or ".Ss NAME") that start with it. */
static GHashTable *words_of(const struct page *page, const char *section, const char *macro)
{
    GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool inside = false, found = false;

    for (char **line = page->lines; *line != NULL; line++) {
        if (g_str_has_prefix(*line, ".Sh ") || g_str_has_prefix(*line, ".Ss ")) {
            inside = strcmp(*line, section) == 0;
            found = found || inside;
        }
        if (!inside || !g_str_has_prefix(*line, macro))
            continue;
        g_auto(GStrv) parts = g_strsplit(*line + strlen(macro), " ", -1);
        for (char **part = parts; *part != NULL; part++) {
            if (**part != '\0' && strcmp(*part, ",") != 0)
                g_hash_table_add(words, g_strdup(*part));
        }
    }
    if (!found)
        g_error("bouncectl.1 has no \"%s\"", section);
    return words;
}

/* The options that a section names in its synopsis, ".Op Fl -limit Ar N" or ".Fl -note Ar TEXT". */
static GHashTable *synopsis_of(const struct page *page, const char *section)
{
    g_autoptr(GHashTable) optional = words_of(page, section, ".Op Fl "), needed = words_of(page, section, ".Fl ");
    GHashTable *options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTable *both[] = {optional, needed};

    for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
        GHashTableIter iter;
        gpointer word;
        g_hash_table_iter_init(&iter, both[i]);
        while (g_hash_table_iter_next(&iter, &word, NULL)) {
            if (*(char *)word == '-')
                g_hash_table_add(options, g_strdup((char *)word + 1));
        }
    }
    return options;
}

/* That `.It Fl n , -limit Ar N` stands in the section, with the right letter. */
static bool is_defined(const struct page *page, const char *section, const struct option_row *row)
{
    g_autofree char *with_letter = g_strdup_printf(".It Fl %c , -%s", row->letter, row->name);
    g_autofree char *without = g_strdup_printf("Fl -%s", row->name);
    bool inside = false;

    for (char **line = page->lines; *line != NULL; line++) {
        if (g_str_has_prefix(*line, ".Sh ") || g_str_has_prefix(*line, ".Ss "))
            inside = strcmp(*line, section) == 0;
        if (!inside || !g_str_has_prefix(*line, ".It Fl "))
            continue;
        const char *found = strstr(*line, row->letter != '\0' ? with_letter : without);
        size_t length = strlen(row->letter != '\0' ? with_letter : without);
        if (found != NULL && (found[length] == ' ' || found[length] == '\0'))
            return true;
    }
    return false;
}

static void check_options(const struct page *page, const struct subcommand *command)
{
    g_autofree char *section = g_strdup_printf(".Ss %s", command->name);
    g_autoptr(GHashTable) synopsis = synopsis_of(page, section);

    for (const struct option_row *row = command->options; row != NULL && row->name != NULL; row++) {
        if (!g_hash_table_remove(synopsis, row->name))
            g_error("bouncectl.1: the synopsis of %s has no --%s", command->name, row->name);
        if (!is_defined(page, section, row) && !is_defined(page, ".Sh SELECTING ROWS", row))
            g_error("bouncectl.1: %s --%s (letter %c) is not described", command->name, row->name,
                    row->letter != '\0' ? row->letter : '-');
    }
    g_autofree char **left = (char **)g_hash_table_get_keys_as_array(synopsis, NULL);
    if (left[0] != NULL)
        g_error("bouncectl.1: %s has no option --%s", command->name, left[0]);
}

/* The options that are no subcommand's own. */
static void test_shared(void)
{
    static const struct option_row *const tables[] = {shared_program, shared_options, shared_table};
    struct page page;

    open_page(&page);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        for (const struct option_row *row = tables[i]; row->name != NULL; row++) {
            if (!is_defined(&page, ".Sh DESCRIPTION", row))
                g_error("bouncectl.1: --%s (letter %c) is not described", row->name,
                        row->letter != '\0' ? row->letter : '-');
        }
    }
    g_strfreev(page.lines);
}

static void test_commands(void)
{
    struct page page;
    bool inside = false;
    size_t n = 0;

    open_page(&page);
    for (size_t i = 0; commands[i] != NULL; i++)
        check_options(&page, commands[i]);
    for (char **line = page.lines; *line != NULL; line++) {
        if (g_str_has_prefix(*line, ".Sh "))
            inside = strcmp(*line, ".Sh SUBCOMMANDS") == 0;
        if (!inside || !g_str_has_prefix(*line, ".Ss "))
            continue;
        g_assert_nonnull(commands[n]);
        g_assert_cmpstr(*line + strlen(".Ss "), ==, commands[n]->name);
        n++;
    }
    g_assert_null(commands[n]);
    g_strfreev(page.lines);
}

static void check_name(GHashTable *words, const char *name)
{
    if (*name != '\0' && !g_hash_table_remove(words, name))
        g_error("bouncectl.1 does not name %s", name);
}

static void test_names(void)
{
    struct page page;

    open_page(&page);
    g_autoptr(GHashTable) fields = words_of(&page, ".Sh EVENTS", ".It Cm ");
    for (const struct event_field *field = event_fields; field->name != NULL; field++)
        check_name(fields, field->name);
    g_assert_cmpuint(g_hash_table_size(fields), ==, 0);

    g_autoptr(GHashTable) effects = words_of(&page, ".Sh EFFECTS", ".It Cm ");
    for (size_t i = 0; policy_effect_names[i] != NULL; i++)
        check_name(effects, policy_effect_names[i]);
    g_assert_cmpuint(g_hash_table_size(effects), ==, 0);

    g_autoptr(GHashTable) reasons = words_of(&page, ".Sh REASONS", ".Cm ");
    for (size_t i = 0; reason_names[i] != NULL; i++)
        check_name(reasons, reason_names[i]);
    g_assert_cmpuint(g_hash_table_size(reasons), ==, 0);
    g_strfreev(page.lines);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/manual/commands", test_commands);
    g_test_add_func("/manual/shared", test_shared);
    g_test_add_func("/manual/names", test_names);
    return g_test_run();
}
