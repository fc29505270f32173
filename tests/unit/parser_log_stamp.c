/* Stamps of logs: their forms, the year that they do not name, and zones. */
#include "parser/logs/log_stamp.h"

#include <glib.h>

#define NEWEST G_GINT64_CONSTANT(1767571200) /* 2026-01-05T00:00:00Z */

static void check(struct log_clock *clock, const char *text, const char *expected)
{
    struct span line = span_of(text);
    gint64 seconds = 0;
    bool found = log_stamp_read(clock, &line, &seconds);
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);
    g_autofree char *seen = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");

    g_test_message("%s", text);
    g_assert_cmpstr(found ? seen : NULL, ==, expected);
    if (found)
        g_assert_true(span_is(line, "rest"));
    else
        g_assert_true(span_is(line, text));
}

static void test_forms(void)
{
    static const struct {
        const char *text, *time;
    } cases[] = {
        {"Jan  4 09:08:07 rest", "2026-01-04T09:08:07"},
        {"Jan 04 09:08:07 rest", "2026-01-04T09:08:07"},
        {"jan  4 23:59:60 rest", "2026-01-05T00:00:00"},
        {"2026-11-28T15:20:11.123456+01:00 rest", "2026-11-28T14:20:11"},
        {"2026-11-28T15:20:11Z rest", "2026-11-28T15:20:11"},
        {"2026-11-28T15:20:11-0530 rest", "2026-11-28T20:50:11"},
        {"2026-11-28 15:20:11 rest", "2026-11-28T15:20:11"},
        {"2026-11-28 15:20:11.123 +0100   rest", "2026-11-28T14:20:11"},
        {"2024-02-29 00:00:00 rest", "2024-02-29T00:00:00"},
        {"1795859999 rest", "2026-11-28T09:59:59"},
        {"1795859999.25 rest", "2026-11-28T09:59:59"},
        {"179585999 rest", "1975-09-10T12:59:59"},
        {"17958599 rest", NULL},
        {"179585999900 rest", NULL},
        {"1795859999x rest", NULL},
        {"1970-01-01 00:00:00 rest", "1970-01-01T00:00:00"},
        {"2000-03-01 00:00:00 rest", "2000-03-01T00:00:00"},
        {"2023-02-29 00:00:00 rest", NULL},
        {"1969-12-31 00:00:00 rest", NULL},
        {"2026-13-01 00:00:00 rest", NULL},
        {"2026-00-01 00:00:00 rest", NULL},
        {"2026-11-31 00:00:00 rest", NULL},
        {"2026-11-28 24:00:00 rest", NULL},
        {"2026-11-28 00:60:00 rest", NULL},
        {"2026-11-28 00:00:61 rest", NULL},
        {"2026-11-28", NULL},
        {"2026-1", NULL},
        {"Foo  4 09:08:07 rest", NULL},
        {"Jan 4 09:08:07 rest", NULL},
        {"Jan 32 09:08:07 rest", NULL},
        {"Jan  4 09:08 rest", NULL},
        {"Ja", NULL},
        {"", NULL},
    };
    struct log_clock clock;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        log_clock_start(&clock, NULL, NEWEST, 0);
        check(&clock, cases[i].text, cases[i].time);
    }
}

/* The log was written to last on the fifth of January. */
static void test_latest_year(void)
{
    static const char *const stamps[][2] = {
        {"Dec 31 23:59:59 rest", "2025-12-31T23:59:59"}, {"Jan  1 00:00:00 rest", "2026-01-01T00:00:00"},
        {"Jan  6 00:00:00 rest", "2026-01-06T00:00:00"}, {"Jan  6 00:00:01 rest", "2025-01-06T00:00:01"},
        {"Feb 29 12:00:00 rest", "2024-02-29T12:00:00"},
    };
    struct log_clock clock;

    log_clock_start(&clock, NULL, NEWEST, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(stamps); i++)
        check(&clock, stamps[i][0], stamps[i][1]);
}

/* The first line is of a year that is told; lines may come late by a little. */
static void test_first_year(void)
{
    static const char *const stamps[][2] = {
        {"Nov 30 12:00:00 rest", "2014-11-30T12:00:00"}, {"Dec 31 23:59:59 rest", "2014-12-31T23:59:59"},
        {"Jan  1 00:00:00 rest", "2015-01-01T00:00:00"}, {"Dec 31 23:59:58 rest", "2014-12-31T23:59:58"},
        {"Jan  1 00:00:02 rest", "2015-01-01T00:00:02"}, {"Aug  1 00:00:00 rest", "2014-08-01T00:00:00"},
        {"Mar  1 00:00:00 rest", "2015-03-01T00:00:00"}, {"Feb 28 23:59:59 rest", "2015-02-28T23:59:59"},
        {"Jul  1 00:00:00 rest", "2015-07-01T00:00:00"}, {"Jan  1 00:00:00 rest", "2015-01-01T00:00:00"},
        {"Dec  1 00:00:00 rest", "2014-12-01T00:00:00"}, {"Jul  1 00:00:00 rest", "2015-07-01T00:00:00"},
        {"Dec  1 00:00:00 rest", "2015-12-01T00:00:00"}, {"Jan  1 00:00:00 rest", "2016-01-01T00:00:00"},
    };
    struct log_clock clock;

    log_clock_start(&clock, NULL, NEWEST, 2014);
    for (size_t i = 0; i < G_N_ELEMENTS(stamps); i++)
        check(&clock, stamps[i][0], stamps[i][1]);
}

static void test_zones(void)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("CET-1CEST,M3.5.0,M10.5.0/3");
    struct log_clock clock;

    g_assert_nonnull(zone);
    log_clock_start(&clock, zone, NEWEST, 0);
    check(&clock, "2025-10-26 01:59:59 rest", "2025-10-25T23:59:59");
    check(&clock, "2025-10-26 03:00:00 rest", "2025-10-26T02:00:00");
    check(&clock, "2025-07-01 12:00:00 rest", "2025-07-01T10:00:00");
    check(&clock, "2025-07-01 12:00:00Z rest", "2025-07-01T12:00:00");
    check(&clock, "Dec 31 12:00:00 rest", "2025-12-31T11:00:00");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/log-stamp/forms", test_forms);
    g_test_add_func("/parser/log-stamp/latest-year", test_latest_year);
    g_test_add_func("/parser/log-stamp/first-year", test_first_year);
    g_test_add_func("/parser/log-stamp/zones", test_zones);
    return g_test_run();
}
