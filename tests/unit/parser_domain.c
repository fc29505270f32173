/* Names become A-labels, or are none; what cannot fit into DNS never reaches the library. */
#include "parser/text/domain.h"

#include <string.h>

#define X9 "xxxxxxxxx"
#define X63 X9 X9 X9 X9 X9 X9 X9
#define U9 "ééééééééé"

static const struct {
    const char *domain, *name; /* NULL: it is none */
} cases[] = {
    {"example.org", "example.org"},
    {"Example.ORG.", "example.org"},
    {"a_b.example-", "a_b.example-"},
    {"bücher.example", "xn--bcher-kva.example"},
    {"BÜCHER.Example.", "xn--bcher-kva.example"},
    {"bu\u0308cher.example", "xn--bcher-kva.example"},
    {"straße.example", "xn--strae-oqa.example"},
    {"bücher。example", "xn--bcher-kva.example"},
    {"[192.0.2.1]", "[192.0.2.1]"},
    {"[IPv6:2001:db8::1]", "[ipv6:2001:db8::1]"},
    {"[192.0.2.1", NULL},
    {"", NULL},
    {".", NULL},
    {".org", NULL},
    {"-a.org", NULL},
    {"a..org", NULL},
    {"a b.org", NULL},
    {X63 ".org", X63 ".org"},
    {X63 "x.org", NULL},
    {X63 "." X63 "." X63 "." X9 X9 X9 X9 X9 X9 "xxxxxxx", X63 "." X63 "." X63 "." X9 X9 X9 X9 X9 X9 "xxxxxxx"},
    {X63 "." X63 "." X63 "." X9 X9 X9 X9 X9 X9 "xxxxxxxx", NULL},
    {U9 U9 U9 U9 U9 U9 U9 U9 ".org", NULL},
    {"\u00ad", NULL},
};

static void test_append(void)
{
    struct domain_memory memory = {0};

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        const char *domain = cases[i / 2].domain, *name = cases[i / 2].name;
        g_autoptr(GString) out = g_string_new("anna@");
        g_autofree char *expected = g_strconcat("anna@", name, NULL);

        /* each twice: what is remembered is what was made */
        g_test_message("row %zu: %s", i / 2, domain);
        g_assert_cmpint(domain_append(out, domain, i / 2 % 2 == 0 ? &memory : NULL), ==, name != NULL);
        g_assert_cmpstr(out->str, ==, expected);
    }
}

static void test_memory(void)
{
    struct domain_memory memory = {0};
    g_autoptr(GString) out = g_string_new(NULL);

    g_assert_true(domain_append(out, "Bücher.example", &memory));
    g_assert_cmpstr(memory.name, ==, "xn--bcher-kva.example");
    g_assert_true(domain_append(out, "example.org", &memory));
    g_assert_cmpstr(memory.name, ==, "xn--bcher-kva.example");
    g_assert_true(domain_append(out, "étoile.example", &memory));
    g_assert_cmpstr(memory.name, ==, "xn--toile-9ra.example");
    g_assert_false(domain_append(out, "é" X63 ".example", &memory));
    g_assert_cmpstr(memory.name, ==, "xn--toile-9ra.example");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/domain/append", test_append);
    g_test_add_func("/parser/domain/memory", test_memory);
    return g_test_run();
}
