/* The text of HTML: each tag that ends a line, each that hides text, each entity. */
#include "parser/text/html.h"

static const struct {
    const char *html;
    const char *text;
} cases[] = {
    {"a<br>b", "a\nb"},
    {"a<br>\r\n<br>b", "a\n\nb"},
    {"a\n<p>b", "a\n\nb"},
    {"a</p>b", "a\nb"},
    {"a<div>b", "a\nb"},
    {"a\n<div>b", "a\nb"},
    {"a<tr>b", "a\nb"},
    {"a<td>b", "a\nb"},
    {"a<li>b", "a\nb"},
    {"a<table width=1>b", "a\nb"},
    {"a<h1>b", "a\nb"},
    {"a<h2>b", "a\nb"},
    {"a<h3>b", "a\nb"},
    {"a<hr>b", "a\nb"},
    {"a<pre>b", "a\nb"},
    {"a<ul>b", "a\nb"},
    {"a<b>b</b><preface>c", "abc"},
    {"a<style>x</style>b", "ab"},
    {"a<script>x < y</script>b", "ab"},
    {"a<head>x</head>b", "ab"},
    {"a<title>x</title>b", "ab"},
    {"a<!-- x -->b", "ab"},
    {"a<style>b", "a"},
    {"&lt;a", "<a"},
    {"a&gt;", "a>"},
    {"a&amp;b", "a&b"},
    {"&quot;a", "\"a"},
    {"it&apos;s", "it's"},
    {"a&nbsp;b", "a b"},
    {"&#39;&#x27;&#xFC;", "''ü"},
    {"&#0;&#x110000;&#x;&eacute;&", "&#0;&#x110000;&#x;&eacute;&"},
    {"1 < 2", "1 < 2"},
};

static void test_cases(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);

        html_append_text(out, span_of(cases[i].html));
        g_test_message("%s", cases[i].html);
        g_assert_cmpstr(out->str, ==, cases[i].text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/html/cases", test_cases);
    return g_test_run();
}
