/* bounced.conf(5) and config_keys say the same, both ways. */
#include <stdbool.h>
#include <string.h>

#include "cmd/config/keys/config_keys.h"
#include "store/policy.h"

static char **read_page(void)
{
    g_autofree char *path = g_build_filename(g_getenv("SOURCE"), "cmd/bounced.conf.5", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return g_strsplit(text, "\n", -1);
}

/* ".Ss [listen NAME]" is the section "listen"; NULL for a line that starts none. */
static char *section_of(const char *line)
{
    const char *open = strchr(line, '[');

    if (g_str_has_prefix(line, ".Ss ") && open != NULL)
        return g_strndup(open + 1, strcspn(open + 1, " ]"));
    return NULL;
}

/* "section key" of every ".It Ic key"; a key that stands for many, as REASON does, is ".It Ar KEY". */
static GHashTable *keys_of_page(void)
{
    GHashTable *keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) lines = read_page();
    g_autofree char *section = NULL;

    for (char **line = lines; *line != NULL; line++) {
        char *next = section_of(*line);
        if (next != NULL || g_str_has_prefix(*line, ".Sh ")) {
            g_free(section);
            section = next;
        }
        if (section == NULL || (!g_str_has_prefix(*line, ".It Ic ") && !g_str_has_prefix(*line, ".It Ar ")))
            continue;
        char *key = g_strdup_printf("%s %s", section, *line + strlen(".It Ic "));
        if (!g_hash_table_add(keys, key))
            g_error("bounced.conf.5 describes [%s] twice", key);
    }
    return keys;
}

static void test_keys(void)
{
    g_autoptr(GHashTable) page = keys_of_page();

    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        g_autofree char *name = g_strdup_printf("%s %s", key->section, key->name);
        if (!g_hash_table_remove(page, name))
            g_error("bounced.conf.5 does not describe [%s] %s", key->section, key->name);
    }
    g_autofree char **left = (char **)g_hash_table_get_keys_as_array(page, NULL);
    if (left[0] != NULL)
        g_error("bounced.conf.5 describes [%s], which is no key", left[0]);
}

/* ".Ql VALUE", with or without a punctuation mark behind it; 1000000 does not say 10000. */
static bool says(const char *line, const char *quoted)
{
    const char *rest = line + strlen(quoted);

    return g_str_has_prefix(line, quoted) && (*rest == '\0' || *rest == ' ');
}

/* Does a line of the key's own paragraph say the value? */
static bool is_said(char *const *lines, const struct config_key *key, const char *value)
{
    g_autofree char *quoted = g_strdup_printf(".Ql %s", value);
    g_autofree char *section = NULL;
    bool inside = false, said = false;

    for (; *lines != NULL; lines++) {
        char *next = section_of(*lines);
        if (next != NULL) {
            g_free(section);
            section = next;
        }
        if (g_str_has_prefix(*lines, ".It I"))
            inside = g_strcmp0(section, key->section) == 0 && strcmp(*lines + strlen(".It Ic "), key->name) == 0;
        said = said || (inside && says(*lines, quoted));
    }
    return said;
}

/* Each default, unless it is worked out when the program runs, and each limit. */
static void test_values(void)
{
    g_auto(GStrv) lines = read_page();

    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        const char *const values[] = {key->initial, key->minimum, key->maximum};

        for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
            if (values[i] != NULL && !is_said(lines, key, values[i]))
                g_error("bounced.conf.5 does not say of [%s] %s: %s", key->section, key->name, values[i]);
        }
    }
}

/* The rows of the table behind ".Ql PRESET" and ".Bl -column", up to the end of it. */
static char *table_of(char *const *lines, const char *preset)
{
    g_autofree char *quoted = g_strdup_printf(".Ql %s", preset);
    GString *table = g_string_new(NULL);
    bool named = false, inside = false;

    for (; *lines != NULL && !(inside && strcmp(*lines, ".El") == 0); lines++) {
        if (inside)
            g_string_append_printf(table, "%s\n", *lines);
        inside = inside || (named && g_str_has_prefix(*lines, ".Bl -column"));
        named = (named && !g_str_has_prefix(*lines, ".Pp")) || strcmp(*lines, quoted) == 0;
    }
    return g_string_free(table, FALSE);
}

/* A preset is the table that it stands for. */
static void test_presets(void)
{
    g_auto(GStrv) lines = read_page();

    for (enum preset preset = 0; preset_names[preset] != NULL; preset++) {
        g_autofree char *table = table_of(lines, preset_names[preset]);
        g_autoptr(GString) expected = g_string_new(NULL);

        for (enum reason reason = REASON_NONE; reason < REASON_COUNT; reason++) {
            g_autofree char *row = policy_row_format(preset_row(preset, reason));
            if (preset_row(preset, reason)->count > 0)
                g_string_append_printf(expected, ".It %s Ta %s\n", reason_names[reason], row);
        }
        g_test_message("%s", preset_names[preset]);
        g_assert_cmpstr(table, ==, expected->str);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/manual/keys", test_keys);
    g_test_add_func("/manual/values", test_values);
    g_test_add_func("/manual/presets", test_presets);
    return g_test_run();
}
