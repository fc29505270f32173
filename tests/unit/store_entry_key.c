/* Subjects and scopes as people write them. */
#include <glib.h>

#include "store/entry_key.h"

static void test_subjects(void)
{
    static const struct {
        const char *given;
        const char *read; /* NULL: it is none */
        enum entry_subject_kind kind;
    } cases[] = {
        {"Some.One@Example.COM", "Some.One@example.com", ENTRY_SUBJECT_ADDRESS},
        {"<x@b\303\274cher.example>", "x@xn--bcher-kva.example", ENTRY_SUBJECT_ADDRESS},
        {"@Example.org", "@example.org", ENTRY_SUBJECT_DOMAIN},
        {"@b\303\274cher.example", "@xn--bcher-kva.example", ENTRY_SUBJECT_DOMAIN},
        {"@[192.0.2.1]", "@[192.0.2.1]", ENTRY_SUBJECT_DOMAIN},
        {".Example.org", ".example.org", ENTRY_SUBJECT_SUB_DOMAINS},
        {".org", ".org", ENTRY_SUBJECT_SUB_DOMAINS},
        {".[192.0.2.1]", NULL, 0},
        {"@", NULL, 0},
        {".", NULL, 0},
        {"", NULL, 0},
        {"example.org", NULL, 0},
        {"@a b.example", NULL, 0},
        {"@one@example.org", NULL, 0},
        {"..example.org", NULL, 0},
        {"@.example.org", NULL, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) subject = g_string_new("before");
        g_autoptr(GString) again = g_string_new(NULL);

        g_test_message("%s", cases[i].given);
        g_assert_cmpint(entry_subject_read(cases[i].given, subject), ==, cases[i].read != NULL);
        if (cases[i].read == NULL)
            continue;
        g_assert_cmpstr(subject->str, ==, cases[i].read);
        g_assert_cmpint(entry_subject_kind(subject->str), ==, cases[i].kind);
        g_assert_true(entry_subject_read(subject->str, again));
        g_assert_cmpstr(again->str, ==, subject->str);
    }
}

static void test_suffixes(void)
{
    static const struct {
        const char *subject;
        bool suffix;
    } cases[] = {
        {"@com", true},          {".com", true},   {"@co.uk", true},      {"@example.com", false},
        {".example.com", false}, {"x@com", false}, {"@github.io", false}, {"@[192.0.2.1]", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].subject);
        g_assert_cmpint(entry_subject_is_suffix(cases[i].subject), ==, cases[i].suffix);
    }
}

static void test_scopes(void)
{
    static const struct {
        const char *given;
        const char *key; /* NULL: it is none */
        enum entry_scope_kind kind;
        const char *name;
    } cases[] = {
        {NULL, "", ENTRY_SCOPE_ALL, NULL},
        {"", "", ENTRY_SCOPE_ALL, NULL},
        {"all", "", ENTRY_SCOPE_ALL, NULL},
        {"tenant=shop", "tenant=shop", ENTRY_SCOPE_TENANT, "shop"},
        {"stream=news = daily", "stream=news = daily", ENTRY_SCOPE_STREAM, "news = daily"},
        {"stream=", NULL, 0, NULL},
        {"stream=a\nb", NULL, 0, NULL},
        {"stream=a\377", NULL, 0, NULL},
        {"news", NULL, 0, NULL},
        {"all=x", NULL, 0, NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct entry_scope scope;

        g_test_message("%s", cases[i].given);
        g_assert_cmpint(entry_scope_parse(cases[i].given, &scope), ==, cases[i].key != NULL);
        if (cases[i].key == NULL)
            continue;
        g_autofree char *text = entry_scope_format(&scope);
        g_assert_cmpint(scope.kind, ==, cases[i].kind);
        g_assert_cmpstr(scope.name, ==, cases[i].name);
        g_assert_cmpstr(entry_scope_key(text), ==, cases[i].key);
        g_assert_cmpstr(entry_scope_text(cases[i].key), ==, text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/subject", test_subjects);
    g_test_add_func("/store/suffixes", test_suffixes);
    g_test_add_func("/store/scope", test_scopes);
    return g_test_run();
}
