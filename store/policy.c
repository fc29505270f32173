#include "store/policy.h"

#include <string.h>

#include "store/error.h"

#define MINUTE G_GINT64_CONSTANT(60)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)

/* The most that counting may cost for one event, and the longest time that still makes sense to add to a clock. */
enum { MAX_COUNT = 10000 };
#define MAX_TIME (100 * YEAR)

const char *const policy_effect_names[] = {
    [POLICY_IGNORED] = "ignored",
    [POLICY_DELAYED] = "delayed",
    [POLICY_NO_RECIPIENT] = "no_recipient",
    [POLICY_NEVER] = "never",
    [POLICY_UNPROVEN] = "unproven",
    [POLICY_COUNTED] = "counted",
    [POLICY_REPEATED] = "repeated",
    [POLICY_STALE] = "stale",
    [POLICY_SUPPRESSED] = "suppressed",
    [POLICY_LISTED] = "listed",
    [POLICY_CLEARED] = "cleared",
    [POLICY_RELAYED] = "relayed",
    NULL,
};

/* The reasons that have no row here are never suppressed for. */
static const struct policy defaults = {
    .rows =
        {
            [REASON_USER_UNKNOWN] = {1, 0, 0},
            [REASON_HAS_MOVED] = {1, 0, 0},
            [REASON_HOST_UNKNOWN] = {1, 0, 0},
            [REASON_NO_MAIL_ACCEPTED] = {1, 0, 0},
            [REASON_MAILBOX_FULL] = {5, 30 * DAY, 90 * DAY},
            [REASON_MAILBOX_DISABLED] = {3, 30 * DAY, 90 * DAY},
            [REASON_FILTERED] = {3, 30 * DAY, 90 * DAY},
            [REASON_FEEDBACK] = {1, 0, 0},
            [REASON_UNSUBSCRIBE] = {1, 0, 0},
        },
};

static const struct policy_row temporary = {5, 30 * DAY, 90 * DAY};

/* `print`: whether a time is written in this unit; a policy of 14d or 4w reads back in days. */
static const struct {
    char letter;
    bool print;
    gint64 seconds;
} units[] = {
    {'y', true, YEAR}, {'w', false, 7 * DAY}, {'d', true, DAY}, {'h', true, HOUR}, {'m', true, MINUTE},
};

struct policy *policy_new(const char *stream)
{
    struct policy *policy = g_new(struct policy, 1);

    *policy = defaults;
    policy->stream = g_strdup(stream);
    return policy;
}

void policy_free(struct policy *policy)
{
    if (policy == NULL)
        return;
    g_free(policy->stream);
    g_free(policy);
}

static bool take_word(const char **text, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(*text, word, length) != 0)
        return false;
    *text += length;
    return true;
}

static bool take_blanks(const char **text)
{
    const char *start = *text;

    while (**text == ' ' || **text == '\t')
        ++*text;
    return *text != start;
}

/* A number from 1 to `max`. */
static bool take_number(const char **text, gint64 max, gint64 *number)
{
    *number = 0;
    if (!g_ascii_isdigit(**text))
        return false;
    for (; g_ascii_isdigit(**text); ++*text) {
        *number = *number * 10 + g_ascii_digit_value(**text);
        if (*number > max)
            return false;
    }
    return *number > 0;
}

static bool take_time(const char **text, gint64 *seconds)
{
    gint64 number;

    if (!take_number(text, MAX_TIME, &number))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (units[i].letter == **text) {
            ++*text;
            *seconds = number * units[i].seconds;
            return number <= MAX_TIME / units[i].seconds;
        }
    }
    return false;
}

/* row    = "never" / count [" in " time] ["," " for " time]       ; blanks may be more
 * time   = number ("m" / "h" / "d" / "w" / "y") */
bool policy_row_parse(const char *text, struct policy_row *row)
{
    gint64 count;

    *row = (struct policy_row){0};
    take_blanks(&text);
    if (!take_word(&text, "never")) {
        if (!take_number(&text, MAX_COUNT, &count))
            return false;
        row->count = (unsigned)count;
        bool blanks = take_blanks(&text);
        if (blanks && take_word(&text, "in") && !(take_blanks(&text) && take_time(&text, &row->within)))
            return false;
        take_blanks(&text);
        if (take_word(&text, ",")) {
            take_blanks(&text);
            if (!take_word(&text, "for") || !take_blanks(&text) || !take_time(&text, &row->lasting))
                return false;
        }
    }
    take_blanks(&text);
    return *text == '\0';
}

bool policy_set(struct policy *policy, enum reason reason, const char *text, GError **error)
{
    struct policy_row row;

    if (!policy_row_parse(text, &row)) {
        g_set_error(
            error, STORE_ERROR, STORE_ERROR_FAILED,
            "expected \"never\", \"1\", \"5 in 30d\" or \"5 in 30d, for 90d\" (at most %d; m, h, d, w, y; at most "
            "100y), not \"%s\"",
            MAX_COUNT, text);
        return false;
    }
    if (row.count != 0 && !reason_may_suppress(reason)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
                    "expected \"never\", not \"%s\": %s says nothing about the address itself", text,
                    reason_names[reason]);
        return false;
    }
    policy->rows[reason] = row;
    return true;
}

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
    if (row->lasting != 0)
        print_time(out, ", for ", row->lasting);
    return g_string_free(out, FALSE);
}

const struct policy *policy_for(const GPtrArray *policies, const char *stream)
{
    const struct policy *for_all = &defaults;

    for (guint i = 0; policies != NULL && i < policies->len; i++) {
        const struct policy *policy = policies->pdata[i];
        if (policy->stream == NULL)
            for_all = policy;
        else if (g_strcmp0(policy->stream, stream) == 0)
            return policy;
    }
    return for_all;
}

const struct policy_row *policy_row_for(const struct policy *policy, const struct event *event)
{
    const struct policy_row *row = &policy->rows[event->reason];
    bool elsewhere = event->final_recipient != NULL;
    bool softened = event->verdict == VERDICT_SOFT && (elsewhere || reason_row(event->reason)->verdict == VERDICT_HARD);

    return softened && row->count == 1 ? &temporary : row;
}

bool policy_applies(const struct event *event)
{
    bool failure = event->kind == REPORT_KIND_BOUNCE || event->kind == REPORT_KIND_FEEDBACK ||
                   event->kind == REPORT_KIND_UNSUBSCRIBE;

    return failure && event->recipient != NULL && event->verdict != VERDICT_NONE;
}

bool policy_counts(const struct event *event)
{
    return policy_applies(event) && event->may_suppress && reason_may_suppress(event->reason);
}

/* A relayed message went to where no success reports come from (RFC 3461 section 5.2.2): it may still fail there. */
static enum policy_effect decide_success(const struct event *event)
{
    if (!event->may_suppress)
        return POLICY_UNPROVEN;
    return event->action == REPORT_ACTION_RELAYED ? POLICY_RELAYED : POLICY_CLEARED;
}

enum policy_effect policy_decide(const struct policy_row *row, const struct event *event, unsigned failures)
{
    bool success = event->kind == REPORT_KIND_DELIVERED;

    if (event->kind == REPORT_KIND_DELAY)
        return POLICY_DELAYED;
    if (event->kind == REPORT_KIND_OTHER || event->kind == REPORT_KIND_AUTO_REPLY ||
        (!success && event->verdict == VERDICT_NONE))
        return POLICY_IGNORED;
    if (event->recipient == NULL)
        return POLICY_NO_RECIPIENT;
    if (success)
        return decide_success(event);
    if (row->count == 0 || !reason_may_suppress(event->reason))
        return POLICY_NEVER;
    if (!policy_counts(event))
        return POLICY_UNPROVEN;
    return failures < row->count ? POLICY_COUNTED : POLICY_SUPPRESSED;
}
