#include "store/event.h"

#define DAY ((gint64)86400)
#define LAST_SECOND ((gint64)253402300799) /* 9999-12-31T23:59:59Z */

static void compare(gint64 seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);
    g_autofree char *expected = time != NULL ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    g_autofree char *got = event_time_format(seconds);

    g_assert_cmpstr(got, ==, expected);
}

/* Each day of four centuries, which are all there are, and the ends. */
static void test_days(void)
{
    for (gint64 day = 0; day < 146097 + 366; day++)
        compare(day * DAY + day * 7919 % DAY);
    for (gint64 seconds = 1; seconds < LAST_SECOND; seconds += 123456789)
        compare(seconds);
    compare(0);
    compare(-1);
    compare(-DAY * 366);
    compare(LAST_SECOND);
    compare(LAST_SECOND + 1);
    compare(G_MAXINT64);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/event-time/days", test_days);
    return g_test_run();
}
