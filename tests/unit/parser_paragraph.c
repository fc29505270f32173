/* Where paragraphs begin and end. */
#include "parser/text/paragraph.h"

#include <glib.h>

static const struct {
    const char *text;
    const char *paragraphs; /* "lines:text", each in brackets */
} cases[] = {
    {"", ""},
    {"\n \n\t\n", ""},
    {"a\nb\n\nc", "[2:a\nb][1:c]"},
    {"\r\n a\r\n  \r\nb\r\n", "[1: a][1:b]"},
    {"a\n> quoted\nb\n| quoted\n", "[1:a][1:b]"},
    {" > not quoted\n", "[1: > not quoted]"},
};

static void test_paragraphs(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) got = g_string_new(NULL);
        struct span rest = span_of(cases[i].text), paragraph;
        size_t lines;

        while (paragraph_next(&rest, &paragraph, &lines))
            g_string_append_printf(got, "[%zu:%.*s]", lines, (int)paragraph.length, paragraph.at);
        g_assert_cmpstr(got->str, ==, cases[i].paragraphs);
        g_assert_cmpuint(rest.length, ==, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/paragraph", test_paragraphs);
    return g_test_run();
}
