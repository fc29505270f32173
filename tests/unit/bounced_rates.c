/* Token buckets: what is allowed when, for sources apart, and that memory stays bounded and is given back. */
#include "cmd/bounced/peers/rates.h"

#include <string.h>

#define MS 1000
#define S 1000000

/* In the order of time; "3 in 3s" gives one a second after three at once. */
static const struct {
    gint64 at;
    const char *source;
    bool allowed;
    guint64 refused;
} rows[] = {
    {100 * S, "a", true, 0},  {100 * S, "a", true, 0},  {100 * S, "a", true, 0},
    {100 * S, "a", false, 0}, {100 * S, "b", true, 0},  {100 * S + 999 * MS, "a", false, 0},
    {101 * S, "a", true, 2},  {101 * S, "a", false, 0}, {102 * S, "b", true, 0},
    {102 * S, "b", true, 0},  {102 * S, "b", true, 0},  {102 * S, "b", false, 0},
    {103 * S, "a", true, 1},  {103 * S, "a", true, 0},  {103 * S, "a", false, 0},
    {500 * S, "a", true, 1},  {500 * S, "a", true, 0},  {500 * S, "a", true, 0},
    {500 * S, "a", false, 0},
};

static void test_table(void)
{
    static const struct config_rate limit = {.count = 3, .period = 3};
    struct rates *rates = rates_new(100);

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        guint64 refused = 0;

        g_test_message("row %zu", i);
        g_assert_cmpint(rates_take(rates, rows[i].source, &limit, rows[i].at, &refused), ==, rows[i].allowed);
        g_assert_cmpuint(refused, ==, rows[i].refused);
    }
    rates_free(rates);
}

/* Exactly `count` at once, whatever the division of the period leaves over, and never twice as many in a period. */
static void test_counts(void)
{
    static const struct config_rate limits[] = {{1, 1}, {1, 60}, {3, 1}, {7, 60}, {1000, 60}, {1000000, 1}};

    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        struct rates *rates = rates_new(100);
        gint64 allowed = 0;

        g_test_message("row %zu", i);
        while (rates_take(rates, "a", &limits[i], 7 * S, NULL))
            allowed++;
        g_assert_cmpint(allowed, ==, limits[i].count);
        for (gint64 now = 7 * S; now < (7 + limits[i].period) * S; now += limits[i].period * 100)
            allowed += rates_take(rates, "a", &limits[i], now, NULL);
        g_assert_cmpint(allowed, <=, 2 * limits[i].count);
        rates_free(rates);
    }
}

/* A rate that was used up under another limit, before a reload, holds nobody up under the new one. */
static void test_relaxed(void)
{
    static const struct config_rate strict = {.count = 1, .period = 3600}, relaxed = {.count = 2, .period = 1};
    struct rates *rates = rates_new(100);

    g_assert_true(rates_take(rates, "a", &strict, 100 * S, NULL));
    g_assert_false(rates_take(rates, "a", &strict, 100 * S, NULL));
    g_assert_true(rates_take(rates, "a", &relaxed, 100 * S, NULL));
    g_assert_true(rates_take(rates, "a", &relaxed, 100 * S, NULL));
    g_assert_false(rates_take(rates, "a", &relaxed, 100 * S, NULL));
    g_assert_false(rates_take(rates, "a", &strict, 100 * S, NULL));
    rates_free(rates);
}

static void test_none(void)
{
    static const struct config_rate none = {0};
    struct rates *rates = rates_new(100);

    for (int i = 0; i < 1000; i++)
        g_assert_true(rates_take(rates, "a", &none, S, NULL));
    g_assert_cmpuint(rates_size(rates), ==, 0);
    rates_free(rates);
}

static bool take(struct rates *rates, const char *prefix, unsigned number, gint64 now)
{
    static const struct config_rate limit = {.count = 1, .period = 60};
    g_autofree char *source = g_strdup_printf("%s%u", prefix, number);

    return rates_take(rates, source, &limit, now, NULL);
}

/* A flood of sources: no more is remembered than was asked for, who keeps coming is remembered, and time frees all. */
static void test_bounded(void)
{
    struct rates *rates = rates_new(1000);

    g_assert_true(take(rates, "regular", 0, S));
    for (unsigned i = 0; i < 100000; i++) {
        g_assert_true(take(rates, "flood", i, 2 * S));
        g_assert_cmpuint(rates_size(rates), <=, 1001);
        if (i % 100 == 0)
            g_assert_false(take(rates, "regular", 0, 2 * S));
    }
    g_assert_true(take(rates, "later", 0, 100 * S));
    g_assert_true(take(rates, "later", 1, 200 * S));
    g_assert_true(take(rates, "later", 2, 300 * S));
    g_assert_cmpuint(rates_size(rates), <=, 2);
    rates_free(rates);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rates/table", test_table);
    g_test_add_func("/rates/counts", test_counts);
    g_test_add_func("/rates/relaxed", test_relaxed);
    g_test_add_func("/rates/none", test_none);
    g_test_add_func("/rates/bounded", test_bounded);
    return g_test_run();
}
