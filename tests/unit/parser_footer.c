/* Footers are known by how they begin, each row of the table by itself; what reports say is none. */
#include "parser/prose/footer.h"

#include <glib.h>

static const char *const others[] = {
    "",
    "Scanned",
    "The message was scanned, and a virus was found",
    "Delivery to the following recipients failed.",
    "550 5.1.1 This email and any other was refused",
};

static void test_rows(void)
{
    size_t n = 0;

    for (; footer_beginnings[n] != NULL; n++) {
        g_autofree char *line = g_strdup_printf("  ** %s words", footer_beginnings[n]);
        for (size_t i = 0; i < n; i++)
            g_assert_false(g_str_has_prefix(footer_beginnings[n], footer_beginnings[i]));
        if (!footer_begins(span_of(line)))
            g_error("row %zu: %s", n, line);
    }
    g_assert_cmpuint(n, >, 20);
}

static void test_others(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (footer_begins(span_of(others[i])))
            g_error("row %zu: %s", i, others[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/footer/rows", test_rows);
    g_test_add_func("/footer/others", test_others);
    return g_test_run();
}
