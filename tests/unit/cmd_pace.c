/* Upkeep takes as many rows as its aim has time for: soon fewer, and little by little more. */
#include "cmd/ingest/pace.h"

static void test_steps(void)
{
    static const struct {
        unsigned rows;
        gint64 milliseconds;
        unsigned next;
    } cases[] = {
        {400, 20, 400},  {400, 40, 200},  {400, 10, 500},           {400, 1, 500}, {400, 0, 500},
        {400, 8000, 50}, {1000, 1, 1000}, {50, 100000, PACE_LEAST}, {50, 1, 62},   {1000, 22, 909},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("row %zu", i);
        g_assert_cmpuint(pace_next(cases[i].rows, cases[i].milliseconds * 1000), ==, cases[i].next);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/pace/steps", test_steps);
    return g_test_run();
}
