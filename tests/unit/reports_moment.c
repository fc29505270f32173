#include "reports/moment.h"

#define NOW ((gint64)1795339800) /* 2026-11-22T09:30:00Z */
#define DAY ((gint64)86400)
#define TODAY ((gint64)1795305600)

static const struct {
    const char *text;
    gint64 moment; /* -1: an error */
} moments[] = {
    {"now", NOW},
    {"today", TODAY},
    {"Yesterday", TODAY - DAY},
    {"2026-11-22", TODAY},
    {"2026-11-22T09:30:00Z", NOW},
    {"2026-11-22T10:30:00+01:00", NOW},
    {"2026-11-22T09:30:00", NOW},
    {"1970-01-02", DAY},
    {"1970-01-01", 1},
    {"100y", 1},
    {"1969-12-31", -1},
    {"0001-01-01", -1},
    {"7d", NOW - 7 * DAY},
    {"90m", NOW - 5400},
    {"2h", NOW - 7200},
    {"30s", NOW - 30},
    {"2w", NOW - 14 * DAY},
    {"1y", NOW - 365 * DAY},
    {"", -1},
    {"0d", -1},
    {"7", -1},
    {"7x", -1},
    {"7d7d", -1},
    {"-7d", -1},
    {" 7d", -1},
    {"10000000000d", -1},
    {"2026-02-30", -1},
    {"2026-11", -1},
    {"22.11.2026", -1},
    {"tomorrow", -1},
    {"2026-11-22 09:30", -1},
};

static const struct {
    const char *text;
    gint64 span; /* -1: an error */
} spans[] = {
    {"90d", 90 * DAY}, {"1h", 3600}, {"999999999s", 999999999}, {"0h", -1},    {"d", -1},       {"90", -1},
    {"today", -1},     {"", -1},     {"1000y", 365000 * DAY},   {"1001y", -1}, {"100000y", -1},
};

static const struct {
    gint64 span;
    const char *text;
} span_texts[] = {{2 * DAY, "2d"}, {365 * DAY, "365d"}, {36 * 3600, "36h"}, {5400, "90m"}, {61, "61s"}};

static void test_moments(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(moments); i++) {
        g_autoptr(GError) error = NULL;
        gint64 moment = -1;
        bool good = moment_parse(moments[i].text, NOW, &moment, &error);

        if (good != (moments[i].moment != -1) || (good && moment != moments[i].moment) || good != (error == NULL))
            g_error("'%s': got %" G_GINT64_FORMAT ", expected %" G_GINT64_FORMAT, moments[i].text, moment,
                    moments[i].moment);
    }
}

static void test_spans(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
        g_autoptr(GError) error = NULL;
        gint64 span = -1;
        bool good = moment_parse_span(spans[i].text, &span, &error);

        if (good != (spans[i].span != -1) || (good && span != spans[i].span) || good != (error == NULL))
            g_error("'%s': got %" G_GINT64_FORMAT ", expected %" G_GINT64_FORMAT, spans[i].text, span, spans[i].span);
    }
}

static void test_texts(void)
{
    g_autofree char *day = moment_day(NOW), *text = moment_text(NOW);

    g_assert_cmpstr(day, ==, "2026-11-22");
    g_assert_cmpstr(text, ==, "2026-11-22 09:30");
    for (size_t i = 0; i < G_N_ELEMENTS(span_texts); i++) {
        g_autofree char *span = moment_span(span_texts[i].span);
        g_assert_cmpstr(span, ==, span_texts[i].text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/moment/moments", test_moments);
    g_test_add_func("/moment/spans", test_spans);
    g_test_add_func("/moment/texts", test_texts);
    return g_test_run();
}
