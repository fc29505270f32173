/* The pieces of a template. */
#include "reports/template.h"

static const struct {
    const char *text;
    const char *pieces; /* with "|" behind each, and names in "<>" */
} rows[] = {
    {"", ""},
    {"a b", "a b|"},
    {"{reason}", "<reason>|"},
    {"a{reason}b{since}", "a|<reason>|b|<since>|"},
    {"{a}{b_c}", "<a>|<b_c>|"},
    {"{\"email\": \"{recipient}\"}", "{\"email\": \"|<recipient>|\"}|"},
    {"{", "{|"},
    {"{}", "{}|"},
    {"{{a}}", "{|<a>|}|"},
    {"{A} {a b} {a", "{A} {a b} {a|"},
};

static void test_rows(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) pieces = g_string_new(NULL);
        struct template_piece piece;

        for (const char *rest = rows[i].text; template_next(&rest, &piece);)
            g_string_append_printf(pieces, piece.is_name ? "<%.*s>|" : "%.*s|", (int)piece.length, piece.start);
        g_assert_cmpstr(pieces->str, ==, rows[i].pieces);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/template/rows", test_rows);
    return g_test_run();
}
