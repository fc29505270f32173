#include "cmd/lists/stamp.h"

#include <string.h>

#define DAY ((gint64)86400)
#define EPOCH 719163                  /* 1970-01-01, counted from 1 January of year 1 */
#define LATEST ((gint64)253402300799) /* 9999-12-31T23:59:59Z */

/* Seconds since 1970 have fewer digits until 5138; milliseconds have had more since 1973. A number from before 1980 is
 * some other number, "20261122". */
#define MILLISECONDS_FROM ((gint64)100000000000)
#define SECONDS_FROM ((gint64)315532800)

struct date {
    gint64 year, month, day, hour, minute, second;
    gint64 zone; /* minutes east of UTC */
};

/* A second of 60 is a leap second. */
static bool to_seconds(const struct date *date, gint64 *seconds)
{
    GDateDay day = (GDateDay)date->day;
    GDateMonth month = (GDateMonth)date->month;
    GDateYear year = (GDateYear)date->year;
    GDate calendar;

    if (year < 1970 || !g_date_valid_dmy(day, month, year) || date->hour > 23 || date->minute > 59 || date->second > 60)
        return false;
    g_date_clear(&calendar, 1);
    g_date_set_dmy(&calendar, day, month, year);
    gint64 days = (gint64)g_date_get_julian(&calendar) - EPOCH;
    *seconds = days * DAY + date->hour * 3600 + date->minute * 60 + date->second - date->zone * 60;
    return *seconds >= 0;
}

/* Between `least` and `most` digits. */
static bool take_digits(struct span *text, size_t least, size_t most, gint64 *number)
{
    size_t n = 0;

    *number = 0;
    while (n < text->length && n < most && g_ascii_isdigit(text->at[n]))
        *number = *number * 10 + (text->at[n++] - '0');
    *text = span_skip(*text, n);
    return n >= least;
}

static bool take_char(struct span *text, const char *of)
{
    if (text->length == 0 || text->at[0] == '\0' || strchr(of, text->at[0]) == NULL)
        return false;
    *text = span_skip(*text, 1);
    return true;
}

/* "Z", "UTC", "GMT", "+0100", "-05:00", "+00"; nothing is UTC. */
static bool take_zone(struct span *text, gint64 *zone)
{
    static const char *const names[] = {"UTC", "GMT", "UT", "Z"};
    gint64 hours, minutes;

    *text = span_trim(*text);
    *zone = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (span_starts(*text, names[i])) {
            *text = span_skip(*text, strlen(names[i]));
            break;
        }
    }
    if (text->length == 0 || (text->at[0] != '+' && text->at[0] != '-'))
        return true;
    bool west = text->at[0] == '-';
    *text = span_skip(*text, 1);
    if (!take_digits(text, 2, 2, &hours))
        return false;
    take_char(text, ":");
    bool good = take_digits(text, 2, 2, &minutes) || text->length == 0;
    if (!good || hours > 14 || minutes > 59)
        return false;
    *zone = (west ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

/* hour ":" minute [":" second ["." 1*digit]] */
static bool take_time(struct span *text, struct date *date)
{
    if (!take_digits(text, 1, 2, &date->hour) || !take_char(text, ":") || !take_digits(text, 2, 2, &date->minute))
        return false;
    if (take_char(text, ":") && !take_digits(text, 2, 2, &date->second))
        return false;
    if (take_char(text, ".,")) {
        while (take_char(text, "0123456789"))
            continue;
    }
    return true;
}

static bool take_iso(struct span text, struct date *date)
{
    if (!take_digits(&text, 4, 4, &date->year) || !take_char(&text, "-/") || !take_digits(&text, 1, 2, &date->month) ||
        !take_char(&text, "-/") || !take_digits(&text, 1, 2, &date->day))
        return false;
    if (text.length == 0)
        return true;
    return take_char(&text, "Tt ") && take_time(&text, date) && take_zone(&text, &date->zone) && text.length == 0;
}

static bool take_month(struct span *text, gint64 *month)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (span_starts(*text, names[i])) {
            *month = (gint64)i + 1;
            *text = span_skip(*text, strlen(names[i]));
            return true;
        }
    }
    return false;
}

/* [day-name ","] day month year hour ":" minute [":" second] zone (RFC 5322 section 3.3) */
static bool take_mail_date(struct span text, struct date *date)
{
    const char *comma = span_find_char(text, ',');

    if (comma != NULL)
        text = span_trim(span_skip(text, (size_t)(comma - text.at) + 1));
    return take_digits(&text, 1, 2, &date->day) && take_char(&text, " -") && take_month(&text, &date->month) &&
           take_char(&text, " -") && take_digits(&text, 4, 4, &date->year) && take_char(&text, " ") &&
           take_time(&text, date) && take_zone(&text, &date->zone) && text.length == 0;
}

static bool take_number(struct span text, gint64 *seconds)
{
    gint64 number = 0;
    size_t digits = 0;

    while (digits < text.length && g_ascii_isdigit(text.at[digits]) && digits < 16)
        number = number * 10 + (text.at[digits++] - '0');
    struct span rest = span_skip(text, digits);
    if (take_char(&rest, ".")) {
        while (take_char(&rest, "0123456789"))
            continue;
    }
    *seconds = number >= MILLISECONDS_FROM ? number / 1000 : number;
    return *seconds >= SECONDS_FROM && rest.length == 0;
}

bool stamp_read(struct span text, gint64 *seconds)
{
    struct date date = {0}, mail = {0};

    text = span_trim(text);
    bool good = take_number(text, seconds) || (take_iso(text, &date) && to_seconds(&date, seconds)) ||
                (take_mail_date(text, &mail) && to_seconds(&mail, seconds));
    return good && *seconds > 0 && *seconds <= LATEST;
}
