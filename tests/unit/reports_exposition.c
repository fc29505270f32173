/* The text format of Prometheus, with what must be escaped in it. */
#include "reports/exposition.h"

static void test_text(void)
{
    g_autoptr(GString) out = g_string_new(NULL);

    exposition_family(out, "a_total", "How \"many\" a\\b\nthere were.", EXPOSITION_COUNTER);
    exposition_sample(out, "a_total", "kind", "x\\y \"z\"\n", 18446744073709551615U);
    exposition_sample(out, "a_total", "kind", "", 0);
    exposition_labelled(out, "a_total", (const struct exposition_label[]){{"k", "1"}, {"l", "\""}}, 2, 3);
    exposition_family(out, "b", "Now.", EXPOSITION_GAUGE);
    exposition_sample(out, "b", NULL, NULL, 7);
    g_assert_cmpstr(out->str, ==,
                    "# HELP a_total How \"many\" a\\\\b\\nthere were.\n"
                    "# TYPE a_total counter\n"
                    "a_total{kind=\"x\\\\y \\\"z\\\"\\n\"} 18446744073709551615\n"
                    "a_total{kind=\"\"} 0\n"
                    "a_total{k=\"1\",l=\"\\\"\"} 3\n"
                    "# HELP b Now.\n"
                    "# TYPE b gauge\n"
                    "b 7\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exposition/text", test_text);
    return g_test_run();
}
