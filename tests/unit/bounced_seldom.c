/* An event that comes again and again: when it is due. */
#include "cmd/bounced/log/seldom.h"

#define S G_TIME_SPAN_SECOND

static void test_due(void)
{
    static const struct {
        gint64 at; /* microseconds */
        bool due;
    } rows[] = {
        {5 * S, true},    {5 * S, false},       {6 * S, false},  {65 * S - 1, false},  {65 * S, true},  {66 * S, false},
        {124 * S, false}, {125 * S - 1, false}, {190 * S, true}, {190 * S + 1, false}, {250 * S, true},
    };
    struct seldom seldom = {.period = SELDOM_MINUTE};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %zu", i);
        g_assert_cmpint(seldom_due(&seldom, rows[i].at), ==, rows[i].due);
    }
}

static void test_periods(void)
{
    g_assert_cmpint(SELDOM_MINUTE, ==, 60 * S);
    g_assert_cmpint(SELDOM_HOUR, ==, 3600 * S);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/seldom/due", test_due);
    g_test_add_func("/seldom/periods", test_periods);
    return g_test_run();
}
