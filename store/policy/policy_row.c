#include "store/policy/policy_row.h"

#include <stdlib.h>
#include <string.h>

#include "store/error.h"

#define MINUTE G_GINT64_CONSTANT(60)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)

/* The longest time that still makes sense to add to a clock. */
#define MAX_TIME (100 * YEAR)
/* Mail servers give up after five days, and some tell of it later. */
#define MAX_AGE (7 * DAY)

/* `print`: whether a time is written in this unit; a policy of 14d or 4w reads back in days. */
static const struct {
    char letter;
    bool print;
    gint64 seconds;
} units[] = {
    {'y', true, YEAR}, {'w', false, 7 * DAY}, {'d', true, DAY}, {'h', true, HOUR}, {'m', true, MINUTE},
};

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* A row on its way in. */
struct scan {
    const char *text; /* all of it */
    const char *at;
    GError **error;
};

static bool fail(const struct scan *scan, const char *expected)
{
    g_set_error(scan->error, STORE_ERROR, STORE_ERROR_FAILED, "\"%s\"; expected %s", scan->text, expected);
    return false;
}

static bool take_word(struct scan *scan, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(scan->at, word, length) != 0 || g_ascii_isalnum(scan->at[length]))
        return false;
    scan->at += length;
    return true;
}

static bool take_blanks(struct scan *scan)
{
    const char *start = scan->at;

    scan->at += strspn(scan->at, " \t");
    return scan->at != start;
}

/* A number from 1 to `max`. */
static bool take_number(struct scan *scan, gint64 max, gint64 *number)
{
    *number = 0;
    for (; g_ascii_isdigit(*scan->at); scan->at++) {
        *number = *number * 10 + g_ascii_digit_value(*scan->at);
        if (*number > max)
            return false;
    }
    return *number > 0;
}

/* After `word`, which stood before. */
static bool take_time(struct scan *scan, const char *word, gint64 *seconds)
{
    g_autofree char *expected = g_strdup_printf("a time behind \"%s\", as 30d (m, h, d, w, y; at most 100y)", word);
    gint64 number;

    if (!take_blanks(scan) || !take_number(scan, MAX_TIME, &number))
        return fail(scan, expected);
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (units[i].letter == *scan->at) {
            scan->at++;
            *seconds = number * units[i].seconds;
            return number <= MAX_TIME / units[i].seconds || fail(scan, expected);
        }
    }
    return fail(scan, expected);
}

/* Failures on `days` days are more than the days between them apart: on three of them more than a day. */
static bool take_days(struct scan *scan, struct policy_row *row)
{
    gint64 days;

    if (!take_blanks(scan) || !take_number(scan, row->count, &days) || days < 2 || !take_blanks(scan) ||
        !take_word(scan, "days"))
        return fail(scan, "\"on N days\", where N is from 2 to the number of failures");
    row->days = (unsigned)days;
    return row->within == 0 || (days - 2) * DAY < row->within || fail(scan, "days that fit into the time before them");
}

static bool take_spaced(struct scan *scan, struct policy_row *row)
{
    if (!take_time(scan, "spaced", &row->spaced))
        return false;
    if (row->count < 2)
        return fail(scan, "2 failures or more before \"spaced\"");
    return row->within == 0 || (row->count - 1) * row->spaced < row->within ||
           fail(scan, "failures that fit into the time before \"spaced\"");
}

/* Several words in a row, or none of them. */
static bool take_for_good(struct scan *scan)
{
    const char *before = scan->at;

    if (take_word(scan, "for") && take_blanks(scan) && take_word(scan, "good"))
        return true;
    scan->at = before;
    return false;
}

/* "then" ("for" "good" / time) */
static bool take_next_stay(struct scan *scan, struct policy_row *row)
{
    take_blanks(scan);
    if (row->stays_n == 0 || row->stays[row->stays_n - 1] == 0)
        return fail(scan, "nothing behind \"for good\"");
    if (row->stays_n == ROW_STAYS_MAX)
        return fail(scan, "at most eight times for an address to stay");
    gint64 *stay = &row->stays[row->stays_n++];
    if (!take_word(scan, "then"))
        return fail(scan, "\"then TIME\" or \"then for good\" behind the comma");
    const char *before = scan->at;
    if (take_blanks(scan) && take_for_good(scan))
        return true;
    scan->at = before;
    return take_time(scan, "then", stay) &&
           (*stay > stay[-1] || fail(scan, "behind \"then\" a longer time than before it"));
}

/* stays = ("for" "good" / "for" time) *("," "then" ("for" "good" / time)) */
static bool take_stays(struct scan *scan, struct policy_row *row)
{
    take_blanks(scan);
    if (!take_for_good(scan)) {
        if (!take_word(scan, "for"))
            return fail(scan, "\"for TIME\" or \"for good\" behind the comma");
        if (!take_time(scan, "for", &row->stays[row->stays_n++]))
            return false;
    }
    for (take_blanks(scan); *scan->at == ','; take_blanks(scan)) {
        scan->at++;
        if (!take_next_stay(scan, row))
            return false;
    }
    return true;
}

/* number [" in " time] [" on " number " days" / " spaced " time] */
static bool take_failures(struct scan *scan, struct policy_row *row)
{
    gint64 count;

    if (!take_number(scan, ROW_COUNT_MAX, &count) || g_ascii_isalpha(*scan->at))
        return fail(scan, "\"never\" or a number of failures, from 1 to 10000");
    row->count = (unsigned)count;
    bool blanks = take_blanks(scan);
    if (blanks && take_word(scan, "in")) {
        if (!take_time(scan, "in", &row->within))
            return false;
        blanks = take_blanks(scan);
    }
    if (blanks && take_word(scan, "on"))
        return take_days(scan, row);
    if (blanks && take_word(scan, "spaced"))
        return take_spaced(scan, row);
    return true;
}

/* row = "never" / failures ["," stays]       ; blanks may be more */
bool policy_row_parse(const char *text, struct policy_row *row, GError **error)
{
    struct scan scan = {text, text, error};

    *row = (struct policy_row){0};
    take_blanks(&scan);
    if (!take_word(&scan, "never")) {
        if (!take_failures(&scan, row))
            return false;
        take_blanks(&scan);
        if (*scan.at == ',') {
            scan.at++;
            if (!take_stays(&scan, row))
                return false;
        }
    }
    take_blanks(&scan);
    return *scan.at == '\0' ||
           fail(&scan, row->count == 0 ? "nothing behind \"never\""
                                       : "\"N in TIME on N days, for TIME, then TIME\", or as much "
                                         "of it as there is to say, or \"spaced TIME\" for the days");
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static void print_time(GString *out, const char *word, gint64 seconds)
{
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (units[i].print && seconds % units[i].seconds == 0) {
            g_string_append_printf(out, "%s%" G_GINT64_FORMAT "%c", word, seconds / units[i].seconds, units[i].letter);
            return;
        }
    }
    g_assert_not_reached();
}

char *policy_row_format(const struct policy_row *row)
{
    GString *out = g_string_new(NULL);

    if (row->count == 0)
        g_string_append(out, "never");
    else
        g_string_append_printf(out, "%u", row->count);
    if (row->within != 0)
        print_time(out, " in ", row->within);
    if (row->days != 0)
        g_string_append_printf(out, " on %u days", row->days);
    if (row->spaced != 0)
        print_time(out, " spaced ", row->spaced);
    for (unsigned i = 0; i < row->stays_n; i++) {
        if (row->stays[i] == 0)
            g_string_append(out, ", then for good");
        else
            print_time(out, i == 0 ? ", for " : ", then ", row->stays[i]);
    }
    return g_string_free(out, FALSE);
}

/* --- counting ----------------------------------------------------------------------------------------------------- */

bool policy_row_wants_times(const struct policy_row *row)
{
    return row->days != 0 || row->spaced != 0;
}

static int compare(const void *a, const void *b)
{
    const gint64 *one = a, *other = b;

    return (*one > *other) - (*one < *other);
}

/* The most of them that are `apart`; taking the first that is far enough from the one before is the way to the most. */
static size_t count_apart(const gint64 *times, size_t n, gint64 apart)
{
    size_t count = n > 0, last = 0;

    for (size_t i = 1; i < n; i++) {
        if (times[i] - times[last] >= apart) {
            last = i;
            count++;
        }
    }
    return count;
}

static size_t count_days(const gint64 *times, size_t n)
{
    size_t count = n > 0;

    for (size_t i = 1; i < n; i++)
        count += times[i] / DAY != times[i - 1] / DAY;
    return count;
}

unsigned policy_row_reached(const struct policy_row *row, gint64 *times, size_t n)
{
    if (policy_row_wants_times(row))
        qsort(times, n, sizeof *times, compare);
    if (row->spaced != 0)
        n = count_apart(times, n, row->spaced);
    unsigned missing = row->count - (unsigned)MIN(n, row->count);
    if (row->days != 0)
        missing = MAX(missing, row->days - (unsigned)MIN(count_days(times, n), row->days));
    return row->count - missing;
}

gint64 policy_time(gint64 occurred, gint64 received)
{
    return occurred > received - MAX_AGE && occurred <= received ? occurred : received;
}

gint64 policy_row_until(const struct policy_row *row, unsigned relapses, gint64 now)
{
    gint64 stay = row->stays_n == 0 ? 0 : row->stays[MIN(relapses, row->stays_n - 1)];

    return stay == 0 ? 0 : now + stay;
}
