/* The fields before a message that goes on: every day and month of RFC 5322. */
#include "cmd/bounced/out/hop.h"

#include <glib.h>

#define DAY G_GINT64_CONSTANT(86400)

static const struct {
    gint64 queued;
    const char *date;
} dates[] = {
    {1767225600, "Thu, 1 Jan 2026 00:00:00 +0000"},
    {1767225600 + 32 * DAY, "Mon, 2 Feb 2026 00:00:00 +0000"},
    {1767225600 + 61 * DAY, "Tue, 3 Mar 2026 00:00:00 +0000"},
    {1767225600 + 90 * DAY, "Wed, 1 Apr 2026 00:00:00 +0000"},
    {1767225600 + 120 * DAY, "Fri, 1 May 2026 00:00:00 +0000"},
    {1767225600 + 156 * DAY, "Sat, 6 Jun 2026 00:00:00 +0000"},
    {1767225600 + 185 * DAY, "Sun, 5 Jul 2026 00:00:00 +0000"},
    {1767225600 + 212 * DAY, "Sat, 1 Aug 2026 00:00:00 +0000"},
    {1767225600 + 243 * DAY, "Tue, 1 Sep 2026 00:00:00 +0000"},
    {1767225600 + 273 * DAY, "Thu, 1 Oct 2026 00:00:00 +0000"},
    {1767225600 + 304 * DAY, "Sun, 1 Nov 2026 00:00:00 +0000"},
    {1767225600 + 365 * DAY - 1, "Thu, 31 Dec 2026 23:59:59 +0000"},
};

static void test_fields(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(dates); i++) {
        const struct outgoing outgoing = {
            .queued = dates[i].queued, .source = "lmtp", .digest = "0123456789abcdef0", .came_to = "fbl@example.com"};
        g_autofree char *fields = hop_fields(&outgoing, "mx.example.com");
        g_autofree char *expected =
            g_strdup_printf("Delivered-To: fbl@example.com\r\n"
                            "Received: by mx.example.com (bounced) with LMTP id 0123456789abcdef\r\n"
                            "\tfor <fbl@example.com>; %s\r\n",
                            dates[i].date);
        g_assert_cmpstr(fields, ==, expected);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hop/fields", test_fields);
    return g_test_run();
}
