/* How long a feed waits for its next attempt. */
#include "cmd/bounced/out/feeds/backoff.h"

static const struct {
    gint64 first;
    unsigned attempts;
    gint64 asked;
    double chance;
    gint64 wait;
} cases[] = {
    {5, 1, 0, 0, 5},       {5, 2, 0, 0, 10},      {5, 3, 0, 0, 20},
    {5, 10, 0, 0, 2560},   {5, 11, 0, 0, 3600},   {5, 4000000000, 0, 0, 3600},
    {3600, 1, 0, 0, 3600}, {100, 1, 0, 0.5, 112}, {3600, 9, 0, 0.999, 4499},
    {5, 1, 120, 0, 120},   {5, 8, 120, 0, 640},   {5, 1, 999999999, 0, 86400},
    {5, 1, -3, 0, 5},      {0, 1, 0, 0, 1},
};

static void test_waits(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 wait = backoff_wait(cases[i].first, cases[i].attempts, cases[i].asked, cases[i].chance);
        if (wait != cases[i].wait)
            g_error("case %zu: %" G_GINT64_FORMAT, i, wait);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/backoff", test_waits);
    return g_test_run();
}
