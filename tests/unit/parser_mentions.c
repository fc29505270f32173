/* Addresses within text: where each begins and ends. */
#include "parser/text/mentions.h"

#include <glib.h>

static const struct {
    const char *text;
    const char *found; /* all of them, with blanks between */
} cases[] = {
    {"", ""},
    {"no address @ all, @example.com", ""},
    {"to <anna@example.org>, Bert <bert@example.org>", "anna@example.org bert@example.org"},
    {"rcpt=anna@example.org.", "rcpt=anna@example.org"},
    {"--anna@example.org--", "anna@example.org"},
    {"=anna@example.org/", "anna@example.org"},
    {"\"anna b\"@example.org", "\"anna b\"@example.org"},
    {"'anna@example.org'", "anna@example.org"},
    {"j\xc3\xbcrgen@example.org", "j\xc3\xbcrgen@example.org"},
    {"\xe5\xae\x9b\xe5\x85\x88"
     "anna@example.org\xe3\x81\xaf",
     "anna@example.org"},
    {"a@b@c", "a@b"},
    /* blanks that are not ASCII */
    {"\xc2\xa0 \xc2\xa0"
     "anna@example.org\xc2\xa0",
     "anna@example.org"},
    {"to\xe2\x80\x8b"
     "anna@example.org\xe2\x80\x8b.",
     "anna@example.org"},
    {"\xef\xbb\xbf"
     "\xc3\xbc"
     "anna@example.org\xef\xbb\xbf",
     "\xc3\xbc"
     "anna@example.org"},
    {"\xc3\xbc\xc2\xa0\xc3\xbc"
     "anna@example.org\xe3\x80\x80"
     "ben@example.org",
     "\xc3\xbc"
     "anna@example.org ben@example.org"},
    {"\xc3\xa0@example.org", "\xc3\xa0@example.org"},
    {"anna@-._", ""},
};

static void test_next(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) got = g_string_new(NULL);
        struct span address;
        size_t from = 0;

        while (mentions_next(span_of(cases[i].text), &from, &address)) {
            if (got->len > 0)
                g_string_append_c(got, ' ');
            g_string_append_len(got, address.at, (gssize)address.length);
        }
        if (g_strcmp0(got->str, cases[i].found) != 0) {
            g_test_message("%s: got %s", cases[i].text, got->str);
            g_test_fail();
        }
    }
}

static const struct {
    const char *line;
    const char *address; /* NULL: the line starts with none */
    const char *tail;
} lines[] = {
    {"anna@example.org: no such user", "anna@example.org", ": no such user"},
    {"\xc2\xa0 \xc2\xa0 anna@example.org", "anna@example.org", ""},
    {"\xc2\xa0 \xe2\x80\xa2\xc2\xa0<anna@example.org> no", "anna@example.org", "no"},
    {"  * <anna@example.org> 550 no", "anna@example.org", "550 no"},
    {"- [mailto:anna@example.org]: no", "anna@example.org", ": no"},
    {"\xe2\x80\xa2 'anna@example.org'", "anna@example.org", ""},
    {"\xc2\xb7 anna@example.org", "anna@example.org", ""},
    {"\xe2\x80\x8b anna@example.org", "anna@example.org", ""},
    {"\xe3\x80\x80 anna@example.org", "anna@example.org", ""},
    {"\xef\xbb\xbf anna@example.org", "anna@example.org", ""},
    {"o anna@example.org", "anna@example.org", ""},
    {"\"anna b\"@example.org no", "\"anna b\"@example.org", "no"},
    {"\"anna@example.org\" no", "anna@example.org", "no"},
    {"<anna@example.org", NULL, NULL},
    {"<Anna anna@example.org>", NULL, NULL},
    {"[Anna] anna@example.org", NULL, NULL},
    {"to anna@example.org", NULL, NULL},
    {"", NULL, NULL},
};

static void test_leading(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        struct span address, tail;
        bool found = mentions_leading(span_of(lines[i].line), &address, &tail);
        g_autofree char *got = found ? g_strndup(address.at, address.length) : NULL;
        g_autofree char *rest = found ? g_strndup(tail.at, tail.length) : NULL;

        if (g_strcmp0(got, lines[i].address) != 0 || g_strcmp0(rest, lines[i].tail) != 0) {
            g_test_message("%s: got %s, %s", lines[i].line, got, rest);
            g_test_fail();
        }
    }
}

static void test_has(void)
{
    struct span list = span_of("Anna <ANNA@example.org>, bert@example.org");

    g_assert_true(mentions_has(list, span_of("anna@Example.org")));
    g_assert_true(mentions_has(list, span_of("bert@example.org")));
    g_assert_false(mentions_has(list, span_of("bert@example.or")));
    g_assert_false(mentions_has(list, span_of("rt@example.org")));
}

static void test_line(void)
{
    struct span text = span_of("no such user:\n<anna@example.org> is gone\n<bert@example.org> is full\n");
    struct span line = mentions_line(text, span_of("BERT@example.org"));
    g_autofree char *got = g_strndup(line.at, line.length);

    g_assert_cmpstr(got, ==, "<bert@example.org> is full");
    g_assert_cmpuint(mentions_line(text, span_of("carl@example.org")).length, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/mentions/next", test_next);
    g_test_add_func("/parser/mentions/leading", test_leading);
    g_test_add_func("/parser/mentions/has", test_has);
    g_test_add_func("/parser/mentions/line", test_line);
    return g_test_run();
}
