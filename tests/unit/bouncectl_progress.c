/* The words of the line of progress. */
#include "cmd/bouncectl/display/progress.h"

static void test_text(void)
{
    static const struct {
        guint64 done, all;
        double seconds;
        const char *text;
    } cases[] = {
        {0, 1000, 0, "adding: 0 of 1000"},
        {0, 1000, 1, "adding: 0 of 1000"},
        {1000, 1000000, 0.1, "adding: 1000 of 1000000, 10000/s, 100 s left"},
        {1000, 10000, 10, "adding: 1000 of 10000, 100/s, 90 s left"},
        {1000, 1000000, 10, "adding: 1000 of 1000000, 100/s, 167 min left"},
        {1000, 1000, 1, "adding: 1000 of 1000, 1000/s, 0 s left"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 elapsed = (gint64)(cases[i].seconds * (double)G_TIME_SPAN_SECOND);
        g_autofree char *text = progress_text("adding", cases[i].done, cases[i].all, elapsed);

        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bouncectl/progress/text", test_text);
    return g_test_run();
}
