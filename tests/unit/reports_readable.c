/* Text that is safe to show. */
#include "reports/readable.h"

static const struct {
    const char *text;
    const char *readable;
} cases[] = {
    {"", ""},
    {"550 5.1.1 <anna@example.org> ~", "550 5.1.1 <anna@example.org> ~"},
    {"J\xc3\xbcrgen \xe5\xae\x9b \xf0\x9f\x99\x82", "J\xc3\xbcrgen \xe5\xae\x9b \xf0\x9f\x99\x82"},
    {"\033[31mred\a\r\n\tnext\x7f", "?[31mred?   next?"},
    {"\xc2\x9b"
     "31m",
     "?31m"}, /* CSI */
    {"a\xe2\x80\xa8"
     "b\xe2\x80\xa9"
     "c",
     "a?b?c"}, /* line and paragraph separator */
    {"\xe2\x80\xae"
     "txt.exe\xe2\x81\xa6",
     "?txt.exe?"}, /* right-to-left override and isolate */
    {"a\xe2\x80\x8b"
     "b\xef\xbb\xbf"
     "c\xc2\xad"
     "d",
     "a?b?c?d"},           /* zero width space, byte order mark, soft hyphen */
    {"\xee\x80\x80", "?"}, /* private use */
    {"a\xff"
     "b",
     "a\xef\xbf\xbd"
     "b"},
};

static void test_cases(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = readable_dup(cases[i].text);
        g_assert_cmpstr(got, ==, cases[i].readable);
    }
    g_assert_null(readable_dup(NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/readable/cases", test_cases);
    return g_test_run();
}
