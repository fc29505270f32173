/* The formula: what is a surge, in which hour, and how long it lasts. */
#include "store/waves/surge.h"

#define DAY G_GINT64_CONSTANT(86400)
#define MONTH (30 * DAY)

static const struct wave_settings settings = {.enabled = true, .minimum = 50, .factor = 8, .hold = 7 * DAY};

static const struct {
    const char *name;
    struct surge_view view;
    bool begins;
    gint64 baseline, level;
} cases[] = {
    /*                                hour  busiest  sent..  all   all's   watched */
    {"too few", {49, 0, 0, 0, 49, 0, MONTH}, false, 0, 50},
    {"enough, of one that had none", {50, 0, 0, 0, 50, 0, MONTH}, true, 0, 50},
    {"few for a busy one", {799, 100, 0, 0, 999, 300, MONTH}, false, 100, 800},
    {"many for a busy one", {800, 100, 0, 0, 1000, 300, MONTH}, true, 100, 800},
    {"a small baseline does not matter", {50, 6, 0, 0, 344, 300, MONTH}, true, 6, 50},
    {"all grow: ten times the mail goes out", {1000, 100, 0, 0, 3000, 300, MONTH}, false, 1000, 8000},
    {"all grow, and one far more", {8000, 100, 0, 0, 10000, 300, MONTH}, true, 1000, 8000},
    {"the others are half as busy", {400, 100, 0, 0, 500, 300, MONTH}, true, 50, 400},
    {"the others are quiet", {199, 100, 0, 0, 209, 300, MONTH}, false, 25, 200},
    {"the others are quiet, and one is not", {200, 100, 0, 0, 210, 300, MONTH}, true, 25, 200},
    {"of the others too little is known", {799, 100, 0, 0, 1799, 149, MONTH}, false, 100, 800},
    {"there are no others", {800, 100, 0, 0, 800, 100, MONTH}, true, 100, 800},
    {"ten times as much was sent", {1000, 100, 50000, 5000, 1000, 300, MONTH}, false, 1000, 8000},
    {"a tenth was sent", {80, 100, 500, 5000, 80, 300, MONTH}, true, 10, 80},
    {"what was sent then is not known", {800, 100, 500, 0, 1000, 300, MONTH}, true, 100, 800},
    {"the first mailing", {400, 0, 0, 0, 600, 0, 0}, false, 200, 1600},
    {"the first mailing, to one receiver", {400, 0, 0, 0, 400, 0, 0}, false, 0, 500},
    {"a surge on the first day", {500, 0, 0, 0, 560, 0, 0}, true, 60, 500},
    {"a surge before the first week ends", {500, 20, 0, 0, 560, 0, 7 * DAY - 1}, true, 60, 500},
    {"the first week is over", {160, 20, 0, 0, 220, 0, 7 * DAY}, true, 20, 160},
    {"the first days count already", {900, 150, 0, 0, 960, 0, DAY}, false, 150, 1200},
};

static void test_begins(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 baseline, level;
        bool begins = surge_begins(&settings, &cases[i].view, &baseline, &level);

        if (begins != cases[i].begins || baseline != cases[i].baseline || level != cases[i].level)
            g_error("%s: %d, %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT, cases[i].name, begins, baseline, level);
    }
}

static void test_disabled(void)
{
    const struct wave_settings off = {.minimum = 50, .factor = 8};
    const struct surge_view view = {.hour = 100000, .watched = MONTH};
    gint64 baseline, level;

    g_assert_false(surge_begins(&off, &view, &baseline, &level));
}

/* Counts of buckets, the event's is 11. */
static const struct {
    const char *name;
    struct {
        unsigned bucket, count;
    } counts[4];
    gint64 hour;
} hours[] = {
    {"none", {{0, 0}}, 0},
    {"the event's alone", {{11, 3}}, 3},
    {"the hour before", {{0, 1}, {5, 2}, {11, 3}}, 6},
    {"the hour after", {{11, 3}, {12, 4}, {22, 5}}, 12},
    {"more than an hour lies between", {{0, 7}, {11, 3}, {22, 5}}, 10},
    {"the hour in the middle", {{5, 4}, {11, 3}, {16, 5}, {22, 1}}, 12},
};

static void test_hour(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(hours); i++) {
        gint64 counts[SURGE_BUCKETS] = {0};

        for (size_t c = 0; c < G_N_ELEMENTS(hours[i].counts); c++)
            counts[hours[i].counts[c].bucket] += hours[i].counts[c].count;
        if (surge_hour(counts) != hours[i].hour)
            g_error("%s: %" G_GINT64_FORMAT, hours[i].name, surge_hour(counts));
    }
}

static void test_end(void)
{
    g_assert_true(surge_goes_on(400, 800));
    g_assert_false(surge_goes_on(399, 800));
    g_assert_cmpint(surge_end(0, 7200), ==, 10800);
    g_assert_cmpint(surge_end(0, 3 * DAY - 60), ==, 3 * DAY);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/surge/begins", test_begins);
    g_test_add_func("/surge/disabled", test_disabled);
    g_test_add_func("/surge/hour", test_hour);
    g_test_add_func("/surge/end", test_end);
    return g_test_run();
}
