/* Reverse-paths and forward-paths: what is read, and what is refused. */
#include "cmd/bounced/smtp/path.h"

#include <glib.h>

static const struct row {
    const char *text;
    unsigned allow;
    enum path_result result;
    const char *address;
    const char *rest; /* what is left behind the path */
} rows[] = {
    {"<a@b.example>", 0, PATH_RESULT_OK, "a@b.example", ""},
    {"<a@b.example> SIZE=1", 0, PATH_RESULT_OK, "a@b.example", " SIZE=1"},
    {"<a@b.example>SIZE=1", 0, PATH_RESULT_OK, "a@b.example", "SIZE=1"},
    {"<A.B@Example.COM>", 0, PATH_RESULT_OK, "A.B@Example.COM", ""},
    {"<owner+user=example.org@lists.example>", 0, PATH_RESULT_OK, "owner+user=example.org@lists.example", ""},
    {"<!#$%&'*+-/=?^_`{|}~@b.example>", 0, PATH_RESULT_OK, "!#$%&'*+-/=?^_`{|}~@b.example", ""},
    {"<a@host_1.example>", 0, PATH_RESULT_OK, "a@host_1.example", ""},
    {"<a@localhost>", 0, PATH_RESULT_OK, "a@localhost", ""},
    {"<a..b.@docomo.example>", 0, PATH_RESULT_OK, "a..b.@docomo.example", ""},
    /* null and postmaster */
    {"<>", PATH_ALLOW_NULL, PATH_RESULT_OK, "", ""},
    {"<>", PATH_ALLOW_POSTMASTER, PATH_RESULT_BAD, NULL, NULL},
    {"<Postmaster>", PATH_ALLOW_POSTMASTER, PATH_RESULT_OK, "postmaster", ""},
    {"<Postmaster>", PATH_ALLOW_NULL, PATH_RESULT_BAD, NULL, NULL},
    {"<hostmaster>", PATH_ALLOW_POSTMASTER, PATH_RESULT_BAD, NULL, NULL},
    {"<postmaster@b.example>", PATH_ALLOW_POSTMASTER, PATH_RESULT_OK, "postmaster@b.example", ""},
    /* source routes */
    {"<@a.example:u@b.example>", 0, PATH_RESULT_OK, "u@b.example", ""},
    {"<@a.example,@c.example:u@b.example>", 0, PATH_RESULT_OK, "u@b.example", ""},
    {"<@a.example,c.example:u@b.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<@a.example,:u@b.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<@a.example u@b.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<@:u@b.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<@a.example:>", PATH_ALLOW_NULL, PATH_RESULT_BAD, NULL, NULL},
    /* quoted local parts */
    {"<\"a b\"@b.example>", 0, PATH_RESULT_OK, "\"a b\"@b.example", ""},
    {"<\"a.b\"@b.example>", 0, PATH_RESULT_OK, "a.b@b.example", ""},
    {"<\"a\\@b\"@b.example>", 0, PATH_RESULT_OK, "\"a@b\"@b.example", ""},
    {"<\"\\a\"@b.example>", 0, PATH_RESULT_OK, "a@b.example", ""},
    {"<\"a\\\"\\\\b\"@b.example>", 0, PATH_RESULT_OK, "\"a\\\"\\\\b\"@b.example", ""},
    {"<\"a>b\"@b.example>", 0, PATH_RESULT_OK, "\"a>b\"@b.example", ""},
    {"<\"\"@b.example>", 0, PATH_RESULT_OK, "\"\"@b.example", ""},
    {"<\"a@b.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<\"a\\", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<\"a\tb\"@b.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<\"a\"b@b.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<\"Postmaster\">", PATH_ALLOW_POSTMASTER, PATH_RESULT_OK, "postmaster", ""},
    /* address literals */
    {"<a@[192.0.2.1]>", 0, PATH_RESULT_OK, "a@[192.0.2.1]", ""},
    {"<a@[IPv6:2001:db8::1]>", 0, PATH_RESULT_OK, "a@[IPv6:2001:db8::1]", ""},
    {"<a@[2001:db8::1]>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@[192.0.2.256]>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@[x-tag:foo]>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@[192.0.2.1>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@[]>", 0, PATH_RESULT_BAD, NULL, NULL},
    /* UTF-8: "ü" in the local part, a U-label */
    {"<\xc3\xbc@b.example>", PATH_ALLOW_UTF8, PATH_RESULT_OK, "\xc3\xbc@b.example", ""},
    {"<\xc3\xbc@b.example>", 0, PATH_RESULT_NON_ASCII, NULL, NULL},
    {"<a@\xc3\xbc.example>", PATH_ALLOW_UTF8, PATH_RESULT_OK, "a@\xc3\xbc.example", ""},
    {"<\"\xc3\xbc \"@b.example>", PATH_ALLOW_UTF8, PATH_RESULT_OK, "\"\xc3\xbc \"@b.example", ""},
    {"<\xc3@b.example>", PATH_ALLOW_UTF8, PATH_RESULT_BAD, NULL, NULL},
    {"<\xff@b.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    /* what is none */
    {"", PATH_ALLOW_NULL, PATH_RESULT_BAD, NULL, NULL},
    {"<", PATH_ALLOW_NULL, PATH_RESULT_BAD, NULL, NULL},
    {"a@b.example", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@b.example", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a>", PATH_ALLOW_NULL, PATH_RESULT_BAD, NULL, NULL},
    {"<@b.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@b@c.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a b@c.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"< a@c.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@c.example >", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@b..example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@b.example.>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@-b.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<a@b-.example>", 0, PATH_RESULT_BAD, NULL, NULL},
    {"<<a@b.example>>", 0, PATH_RESULT_BAD, NULL, NULL},
};

static void test_rows(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct row *row = &rows[i];
        g_autofree char *address = NULL;
        const char *at = row->text;

        g_test_message("row %zu: %s", i, row->text);
        g_assert_cmpint(path_parse(&at, row->allow, &address), ==, row->result);
        g_assert_cmpstr(address, ==, row->address);
        g_assert_cmpstr(at, ==, row->rest != NULL ? row->rest : row->text);
    }
}

/* The length is bounded by the command line alone: RFC 5321 section 4.5.3.1, "to the maximum extent possible,
 * implementation techniques that impose no limits should be used", and VERP makes long local parts. */
static void test_long(void)
{
    g_autofree char *local = g_strnfill(1000, 'x');
    g_autofree char *text = g_strdup_printf("<%s@b.example>", local);
    g_autofree char *expected = g_strdup_printf("%s@b.example", local);
    g_autofree char *address = NULL;
    const char *at = text;

    g_assert_cmpint(path_parse(&at, 0, &address), ==, PATH_RESULT_OK);
    g_assert_cmpstr(address, ==, expected);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/path/rows", test_rows);
    g_test_add_func("/path/long", test_long);
    return g_test_run();
}
