#include "reports/moment.h"

#include <string.h>

#define MINUTE ((gint64)60)
#define HOUR (MINUTE * 60)
#define DAY (HOUR * 24)
#define SPAN_MAX (DAY * 365 * 1000) /* dates have four digits for the year */

/* The units of bounced.conf(5). */
static const struct {
    char letter;
    gint64 seconds;
} units[] = {{'s', 1}, {'m', MINUTE}, {'h', HOUR}, {'d', DAY}, {'w', DAY * 7}, {'y', DAY * 365}};

static const struct {
    const char *word;
    gint64 days_ago;
} words[] = {{"today", 0}, {"yesterday", 1}};

/* span = 1*9DIGIT unit */
static bool take_span(const char *text, gint64 *span)
{
    gint64 number = 0;
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 9 || text[digits] == '\0' || text[digits + 1] != '\0')
        return false;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (text[i] - '0');
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (units[i].letter == text[digits]) {
            *span = number * units[i].seconds;
            return number > 0;
        }
    }
    return false;
}

static bool take_date(const char *text, gint64 *moment)
{
    g_autofree char *whole =
        strlen(text) == strlen("2026-11-22") ? g_strconcat(text, "T00:00:00", NULL) : g_strdup(text);
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(whole, utc);

    if (time == NULL)
        return false;
    *moment = g_date_time_to_unix(time);
    return true;
}

static bool take(const char *text, gint64 now, gint64 *moment)
{
    gint64 span;

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strcasecmp(text, words[i].word) == 0) {
            *moment = now - now % DAY - words[i].days_ago * DAY;
            return true;
        }
    }
    if (g_ascii_strcasecmp(text, "now") == 0) {
        *moment = now;
        return true;
    }
    if (take_span(text, &span)) {
        *moment = MAX(now - span, 0);
        return true;
    }
    return take_date(text, moment);
}

/* YYYY-MM-DD, whatever the numbers are: its form needs no explanation. */
static bool looks_like_date(const char *text)
{
    static const char form[] = "0000-00-00";

    for (size_t i = 0; form[i] != '\0'; i++) {
        if (form[i] == '0' ? !g_ascii_isdigit(text[i]) : text[i] != form[i])
            return false;
    }
    return true;
}

bool moment_parse(const char *text, gint64 now, gint64 *moment, GError **error)
{
    gint64 taken;

    if (!take(text, now, &taken)) {
        if (looks_like_date(text))
            g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "there is no such day or time as '%s'", text);
        else
            g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        "'%s' is not a time; expected 2026-11-22, 2026-11-22T09:30:00Z, today, yesterday, or 7d (ago)",
                        text);
        return false;
    }
    if (taken < 0) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "'%s' is before 1970", text);
        return false;
    }
    *moment = MAX(taken, 1);
    return true;
}

bool moment_parse_span(const char *text, gint64 *span, GError **error)
{
    if (!take_span(text, span)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "'%s' is not a span of time; expected a number and s, m, h, d, w or y, as in 90d", text);
        return false;
    }
    if (*span > SPAN_MAX) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "'%s' is more than 1000y", text);
        return false;
    }
    return true;
}

static char *format(gint64 moment, const char *how)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(moment);

    return time != NULL ? g_date_time_format(time, how) : g_strdup("?");
}

char *moment_day(gint64 moment)
{
    return format(moment, "%Y-%m-%d");
}

char *moment_text(gint64 moment)
{
    return format(moment, "%Y-%m-%d %H:%M");
}

char *moment_span(gint64 span)
{
    static const char letters[] = "dhms";

    for (const char *letter = letters; *letter != '\0'; letter++) {
        for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
            if (units[i].letter == *letter && span % units[i].seconds == 0)
                return g_strdup_printf("%" G_GINT64_FORMAT "%c", span / units[i].seconds, *letter);
        }
    }
    g_assert_not_reached(); /* all are whole seconds */
}
