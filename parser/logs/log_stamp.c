#include "parser/logs/log_stamp.h"

#include <string.h>

#define DAY G_GINT64_CONSTANT(86400)
#define QUARTER G_GINT64_CONSTANT(900)
enum { HALF_A_YEAR = 6 }; /* months */

void log_clock_start(struct log_clock *clock, GTimeZone *zone, gint64 newest, int year)
{
    *clock = (struct log_clock){.zone = zone, .newest = newest, .year = year, .quarter = G_MININT64};
}

/* --- the calendar ------------------------------------------------------------------------------------------------- */

struct date {
    int year;
    unsigned month, day, hour, minute, second;
};

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days since 1970-01-01. Years are taken to begin in March, so that the day of a leap year is the last of one. */
static gint64 days_of(int year, unsigned month, unsigned day)
{
    gint64 y = month <= 2 ? year - 1 : year;
    gint64 day_of_year = (153 * ((gint64)month + (month > 2 ? -3 : 9)) + 2) / 5 + (gint64)day - 1;

    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

static gint64 local_seconds(const struct date *date)
{
    return days_of(date->year, date->month, date->day) * DAY + (gint64)date->hour * 3600 + (gint64)date->minute * 60 +
           (gint64)date->second;
}

static bool is_date(const struct date *date)
{
    static const unsigned days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return date->month >= 1 && date->month <= 12 && date->day >= 1 && date->day <= days[date->month - 1] &&
           (date->year == 0 || date->month != 2 || date->day != 29 || is_leap(date->year)) && date->hour < 24 &&
           date->minute < 60 && date->second <= 60;
}

/* Zones change their offset at quarters of an hour, if at all. */
static gint64 to_utc(struct log_clock *clock, gint64 local)
{
    gint64 at = local;

    if (clock->zone == NULL)
        return local;
    if (clock->quarter != local / QUARTER) {
        int interval = g_time_zone_adjust_time(clock->zone, G_TIME_TYPE_STANDARD, &at);

        clock->offset = g_time_zone_get_offset(clock->zone, interval);
        clock->quarter = local / QUARTER;
    }
    return local - clock->offset;
}

/* --- the year ----------------------------------------------------------------------------------------------------- */

static int year_of(gint64 seconds)
{
    int year = (int)(1970 + seconds / (365 * DAY));

    while (days_of(year, 1, 1) * DAY > seconds)
        year--;
    return year;
}

/* The last one in which it was, at `newest` or not a day later; a 29th of February is of a leap year. */
static void set_latest_year(const struct log_clock *clock, struct date *date)
{
    date->year = year_of(clock->newest + DAY);
    while (!is_date(date) || local_seconds(date) > clock->newest + DAY)
        date->year--;
}

/* A log goes on, but for lines that come late by a little. */
static void set_next_year(struct log_clock *clock, struct date *date)
{
    if (clock->month > date->month + HALF_A_YEAR) {
        clock->year++;
        clock->month = date->month;
    }
    date->year = clock->year;
    if (clock->month != 0 && date->month > clock->month + HALF_A_YEAR)
        date->year--;
    else
        clock->month = date->month;
}

/* --- the stamps --------------------------------------------------------------------------------------------------- */

/* `n` digits. */
static bool take_number(struct span *text, size_t n, unsigned *number)
{
    *number = 0;
    if (text->length < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text->at[i]))
            return false;
        *number = *number * 10 + (unsigned)(text->at[i] - '0');
    }
    *text = span_skip(*text, n);
    return true;
}

static bool take_char(struct span *text, char c)
{
    if (text->length == 0 || text->at[0] != c)
        return false;
    *text = span_skip(*text, 1);
    return true;
}

/* HH:MM:SS */
static bool take_clock(struct span *text, struct date *date)
{
    return take_number(text, 2, &date->hour) && take_char(text, ':') && take_number(text, 2, &date->minute) &&
           take_char(text, ':') && take_number(text, 2, &date->second);
}

static void skip_blanks(struct span *text)
{
    while (take_char(text, ' '))
        ;
}

static unsigned month_of(struct span name)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    for (unsigned month = 0; name.length >= 3 && month < 12; month++) {
        if (g_ascii_strncasecmp(name.at, months + (size_t)3 * month, 3) == 0)
            return month + 1;
    }
    return 0;
}

/* Mon SP [SP] D[D] SP HH:MM:SS SP */
static bool read_syslog(struct log_clock *clock, struct span *line, gint64 *time)
{
    struct date date = {.month = month_of(*line)};
    struct span text = span_skip(*line, 3);
    bool good;

    if (date.month == 0 || !take_char(&text, ' '))
        return false;
    good = take_char(&text, ' ') ? take_number(&text, 1, &date.day) : take_number(&text, 2, &date.day);
    if (!good || !take_char(&text, ' ') || !take_clock(&text, &date) || !is_date(&date))
        return false;
    if (clock->year != 0)
        set_next_year(clock, &date);
    else
        set_latest_year(clock, &date);
    *time = to_utc(clock, local_seconds(&date));
    skip_blanks(&text);
    *line = text;
    return true;
}

/* [.fff] */
static void skip_fraction(struct span *text)
{
    unsigned digit;

    if (!take_char(text, '.'))
        return;
    while (take_number(text, 1, &digit))
        ;
}

/* "Z", "+hh:mm", " +hhmm": the seconds by which it is before UTC. False if none is named. */
static bool take_zone(struct span *text, gint64 *offset)
{
    struct span rest = *text;
    unsigned hours, minutes;

    *offset = 0;
    if (take_char(text, 'Z'))
        return true;
    take_char(&rest, ' ');
    bool west = take_char(&rest, '-');
    if ((!west && !take_char(&rest, '+')) || !take_number(&rest, 2, &hours))
        return false;
    take_char(&rest, ':');
    if (!take_number(&rest, 2, &minutes))
        return false;
    *offset = ((gint64)hours * 3600 + (gint64)minutes * 60) * (west ? -1 : 1);
    *text = rest;
    return true;
}

/* YYYY-MM-DD ("T" / SP) HH:MM:SS [.fff] [zone] SP */
static bool read_full(struct log_clock *clock, struct span *line, gint64 *time)
{
    struct span text = *line;
    struct date date = {0};
    unsigned year;
    gint64 offset;

    if (!take_number(&text, 4, &year) || !take_char(&text, '-') || !take_number(&text, 2, &date.month) ||
        !take_char(&text, '-') || !take_number(&text, 2, &date.day) ||
        (!take_char(&text, 'T') && !take_char(&text, ' ')) || !take_clock(&text, &date))
        return false;
    date.year = (int)year;
    if (year < 1970 || !is_date(&date))
        return false;
    skip_fraction(&text);
    if (take_zone(&text, &offset))
        *time = local_seconds(&date) - offset;
    else
        *time = to_utc(clock, local_seconds(&date));
    skip_blanks(&text);
    *line = text;
    return true;
}

/* Seconds since 1970: 9 to 11 digits, perhaps with a fraction. */
static bool read_seconds(struct span *line, gint64 *time)
{
    enum { LEAST = 9, MOST = 11 };
    struct span text = *line;
    gint64 seconds = 0;
    unsigned digit;
    size_t n = 0;

    for (; n <= MOST && take_number(&text, 1, &digit); n++)
        seconds = seconds * 10 + digit;
    skip_fraction(&text);
    if (n < LEAST || n > MOST || (text.length > 0 && text.at[0] != ' '))
        return false;
    skip_blanks(&text);
    *line = text;
    *time = seconds;
    return true;
}

bool log_stamp_read(struct log_clock *clock, struct span *line, gint64 *time)
{
    if (read_seconds(line, time))
        return true;
    if (line->length > 0 && g_ascii_isdigit(line->at[0]))
        return read_full(clock, line, time);
    return read_syslog(clock, line, time);
}
