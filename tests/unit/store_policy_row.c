/* The rows of a policy: how they are written, what is wrong with those that are none, and how failures add up. */
#include "store/policy/policy_row.h"

#include <string.h>

#define MINUTE G_GINT64_CONSTANT(60)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static void test_rows(void)
{
    static const struct {
        const char *text;
        struct policy_row row;
        const char *printed;
    } cases[] = {
        {"never", {0}, "never"},
        {"1", {.count = 1}, "1"},
        {"5", {.count = 5}, "5"},
        {"5 in 30d", {.count = 5, .within = 30 * DAY}, "5 in 30d"},
        {"5 in 30d, for 90d", {.count = 5, .within = 30 * DAY, .stays_n = 1, .stays = {90 * DAY}}, "5 in 30d, for 90d"},
        {"5 in 30d, for good", {.count = 5, .within = 30 * DAY}, "5 in 30d"},
        {"1, for 1y", {.count = 1, .stays_n = 1, .stays = {365 * DAY}}, "1, for 1y"},
        {" 3  in 4w ,for  12h ",
         {.count = 3, .within = 28 * DAY, .stays_n = 1, .stays = {12 * HOUR}},
         "3 in 28d, for 12h"},
        {"2 in 90m", {.count = 2, .within = 90 * MINUTE}, "2 in 90m"},
        {"10000 in 100y", {.count = 10000, .within = 36500 * DAY}, "10000 in 100y"},
        {"5 on 3 days", {.count = 5, .days = 3}, "5 on 3 days"},
        {"5 in 30d on 5 days, for 90d",
         {.count = 5, .within = 30 * DAY, .days = 5, .stays_n = 1, .stays = {90 * DAY}},
         "5 in 30d on 5 days, for 90d"},
        {"3 in 25h on 3 days", {.count = 3, .within = 25 * HOUR, .days = 3}, "3 in 25h on 3 days"},
        {"3 spaced 1d", {.count = 3, .spaced = DAY}, "3 spaced 1d"},
        {"3  in 14d  spaced  36h", {.count = 3, .within = 14 * DAY, .spaced = 36 * HOUR}, "3 in 14d spaced 36h"},
        {"1, for 7d, then 30d, then 90d, then for good",
         {.count = 1, .stays_n = 4, .stays = {7 * DAY, 30 * DAY, 90 * DAY, 0}},
         "1, for 7d, then 30d, then 90d, then for good"},
        {"1,for 7d,then 1y", {.count = 1, .stays_n = 2, .stays = {7 * DAY, 365 * DAY}}, "1, for 7d, then 1y"},
        {"1, for 1d, then 2d, then 3d, then 4d, then 5d, then 6d, then 7d, then for good",
         {.count = 1, .stays_n = 8, .stays = {DAY, 2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY, 6 * DAY, 7 * DAY, 0}},
         "1, for 1d, then 2d, then 3d, then 4d, then 5d, then 6d, then 7d, then for good"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        struct policy_row row, again;

        g_test_message("\"%s\"", cases[i].text);
        g_assert_true(policy_row_parse(cases[i].text, &row, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(row.count, ==, cases[i].row.count);
        g_assert_cmpint(row.within, ==, cases[i].row.within);
        g_assert_cmpuint(row.days, ==, cases[i].row.days);
        g_assert_cmpint(row.spaced, ==, cases[i].row.spaced);
        g_assert_cmpmem(row.stays, row.stays_n * sizeof *row.stays, cases[i].row.stays,
                        cases[i].row.stays_n * sizeof *row.stays);
        g_autofree char *printed = policy_row_format(&row);
        g_assert_cmpstr(printed, ==, cases[i].printed);
        g_assert_true(policy_row_parse(printed, &again, NULL));
        g_autofree char *printed_again = policy_row_format(&again);
        g_assert_cmpstr(printed_again, ==, printed);
    }
}

static const struct {
    const char *text, *expected;
} refused[] = {
    {"", "\"never\" or a number of failures, from 1 to 10000"},
    {"0", "\"never\" or a number of failures, from 1 to 10000"},
    {"-1", "\"never\" or a number of failures, from 1 to 10000"},
    {"1x", "\"never\" or a number of failures, from 1 to 10000"},
    {"5in 30d", "\"never\" or a number of failures, from 1 to 10000"},
    {"sometimes", "\"never\" or a number of failures, from 1 to 10000"},
    {"neverx", "\"never\" or a number of failures, from 1 to 10000"},
    {"10001 in 1d", "\"never\" or a number of failures, from 1 to 10000"},
    {"5 in", "a time behind \"in\", as 30d (m, h, d, w, y; at most 100y)"},
    {"5 in 30", "a time behind \"in\", as 30d (m, h, d, w, y; at most 100y)"},
    {"5 in d", "a time behind \"in\", as 30d (m, h, d, w, y; at most 100y)"},
    {"5 in 0d", "a time behind \"in\", as 30d (m, h, d, w, y; at most 100y)"},
    {"5 in 30s", "a time behind \"in\", as 30d (m, h, d, w, y; at most 100y)"},
    {"5 in 101y", "a time behind \"in\", as 30d (m, h, d, w, y; at most 100y)"},
    {"1 in 999999999999999999999999d", "a time behind \"in\", as 30d (m, h, d, w, y; at most 100y)"},
    {"5 30d", "\"N in TIME"},
    {"5 for 90d", "\"N in TIME"},
    {"5 within 3d", "\"N in TIME"},
    {"5 on 5 days in 30d", "\"N in TIME"},
    {"5 on 3 days spaced 1d", "\"N in TIME"},
    {"1, for 30d x", "\"N in TIME"},
    {"never in 3d", "nothing behind \"never\""},
    {"never, for 3d", "nothing behind \"never\""},
    {"5,", "\"for TIME\" or \"for good\" behind the comma"},
    {"5, 90d", "\"for TIME\" or \"for good\" behind the comma"},
    {"5, then 90d", "\"for TIME\" or \"for good\" behind the comma"},
    {"5, for", "a time behind \"for\", as 30d"},
    {"5, for bad", "a time behind \"for\", as 30d"},
    {"5, for goodness", "a time behind \"for\", as 30d"},
    {"5, for 7d, 30d", "\"then TIME\" or \"then for good\" behind the comma"},
    {"5, for 7d, for 30d", "\"then TIME\" or \"then for good\" behind the comma"},
    {"5, for 7d,", "\"then TIME\" or \"then for good\" behind the comma"},
    {"5, for 7d, then", "a time behind \"then\", as 30d"},
    {"5, for 7d, then good", "a time behind \"then\", as 30d"},
    {"5, for 7d, then for 30d", "a time behind \"then\", as 30d"},
    {"5, for 7d, then 7d", "behind \"then\" a longer time than before it"},
    {"5, for 7d, then 1d", "behind \"then\" a longer time than before it"},
    {"5, for good, then 1d", "nothing behind \"for good\""},
    {"5, for 1d, then for good, then 2d", "nothing behind \"for good\""},
    {"5, for 1d, then 2d, then 3d, then 4d, then 5d, then 6d, then 7d, then 8d, then 9d",
     "at most eight times for an address to stay"},
    {"5 on", "\"on N days\", where N is from 2 to the number of failures"},
    {"5 on 3", "\"on N days\", where N is from 2 to the number of failures"},
    {"5 on 1 days", "\"on N days\", where N is from 2 to the number of failures"},
    {"5 on 6 days", "\"on N days\", where N is from 2 to the number of failures"},
    {"5 on 3 hours", "\"on N days\", where N is from 2 to the number of failures"},
    {"5 in 3d on 5 days", "days that fit into the time before them"},
    {"1 spaced 1d", "2 failures or more before \"spaced\""},
    {"3 spaced", "a time behind \"spaced\", as 30d"},
    {"3 in 2d spaced 1d", "failures that fit into the time before \"spaced\""},
};

/* The error says what was expected where. */
static void test_refused(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree char *start = g_strdup_printf("\"%s\"; expected %s", refused[i].text, refused[i].expected);
        g_autoptr(GError) error = NULL;
        struct policy_row row;

        g_assert_false(policy_row_parse(refused[i].text, &row, &error));
        g_test_message("%s", error->message);
        g_assert_true(g_str_has_prefix(error->message, start));
    }
}

/* Failures at so many hours after a midnight. */
static void test_reached(void)
{
    static const struct {
        const char *row;
        gint64 hours[8];
        size_t n;
        unsigned reached;
    } cases[] = {
        {"5", {1, 2, 3}, 3, 3},
        {"2", {1, 2, 3}, 3, 2},
        /* as many failures as days */
        {"3 on 3 days", {1}, 1, 1},
        {"3 on 3 days", {1, 25, 49}, 3, 3},
        {"3 on 3 days", {1, 2, 49}, 3, 2},
        {"3 on 3 days", {1, 2, 3, 4, 5}, 5, 1},
        {"3 on 3 days", {23, 24, 48}, 3, 3},
        /* fewer days than failures */
        {"5 on 2 days", {1, 2, 3, 4}, 4, 4},
        {"5 on 2 days", {1, 2, 3, 4, 5}, 5, 4},
        {"5 on 2 days", {1, 2, 3, 4, 5, 6, 7}, 7, 4},
        {"5 on 2 days", {1, 2, 3, 4, 25}, 5, 5},
        {"5 on 2 days", {1, 25}, 2, 2},
        {"4 on 3 days", {1, 2, 3, 25}, 4, 3},
        /* apart, not on different days */
        {"3 spaced 1d", {23, 24, 25}, 3, 1},
        {"3 spaced 1d", {1, 25, 49}, 3, 3},
        {"3 spaced 1d", {1, 24, 48}, 3, 2},
        {"3 spaced 1d", {1, 12, 25, 36, 49}, 5, 3},
        {"3 spaced 1d", {1, 48}, 2, 2},
        /* however they come */
        {"3 spaced 1d", {49, 1, 25}, 3, 3},
        {"3 on 3 days", {49, 1, 25}, 3, 3},
        {"3 spaced 1d", {1, 1, 1, 1}, 4, 1},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct policy_row row;
        gint64 times[8];

        g_test_message("row %zu: %s", i, cases[i].row);
        g_assert_true(policy_row_parse(cases[i].row, &row, NULL));
        for (size_t n = 0; n < cases[i].n; n++)
            times[n] = 20000 * DAY + cases[i].hours[n] * HOUR;
        g_assert_cmpuint(policy_row_reached(&row, times, cases[i].n), ==, cases[i].reached);
    }
}

static void test_time(void)
{
    static const gint64 received = 20000 * DAY;

    g_assert_cmpint(policy_time(0, received), ==, received);
    g_assert_cmpint(policy_time(received, received), ==, received);
    g_assert_cmpint(policy_time(received - 3 * DAY, received), ==, received - 3 * DAY);
    g_assert_cmpint(policy_time(received - 8 * DAY, received), ==, received);
    g_assert_cmpint(policy_time(received + 1, received), ==, received);
}

static void test_until(void)
{
    static const struct {
        const char *row;
        unsigned relapses;
        gint64 until;
    } cases[] = {
        {"1", 0, 0},
        {"1", 3, 0},
        {"1, for 7d", 0, 7 * DAY},
        {"1, for 7d", 3, 7 * DAY},
        {"1, for 7d, then 30d", 0, 7 * DAY},
        {"1, for 7d, then 30d", 1, 30 * DAY},
        {"1, for 7d, then 30d", 2, 30 * DAY},
        {"1, for 7d, then 30d, then for good", 1, 30 * DAY},
        {"1, for 7d, then 30d, then for good", 2, 0},
        {"1, for 7d, then 30d, then for good", 1000, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct policy_row row;

        g_test_message("row %zu: %s", i, cases[i].row);
        g_assert_true(policy_row_parse(cases[i].row, &row, NULL));
        gint64 until = policy_row_until(&row, cases[i].relapses, 20000 * DAY);
        g_assert_cmpint(until, ==, cases[i].until == 0 ? 0 : 20000 * DAY + cases[i].until);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/policy-row/rows", test_rows);
    g_test_add_func("/store/policy-row/refused", test_refused);
    g_test_add_func("/store/policy-row/reached", test_reached);
    g_test_add_func("/store/policy-row/time", test_time);
    g_test_add_func("/store/policy-row/until", test_until);
    return g_test_run();
}
