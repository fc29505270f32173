#include "reports/daily.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "reports/csv.h"
#include "reports/figures.h"
#include "reports/readable.h"

#define DAY G_GINT64_CONSTANT(86400)
enum { TEXT_ROWS = 20 }; /* of a table for people; CSV and JSON have them all */

const char *const daily_format_names[] = {
    [DAILY_TEXT] = "text",
    [DAILY_CSV] = "csv",
    [DAILY_JSON] = "json",
    NULL,
};

/* --- text ------------------------------------------------------------------------------------------------------- */

static const char *const key_titles[FIGURES_KEYS] = {"Sender domain", "Recipient domain", "Reason"};
static const char *const count_titles[FIGURES_COUNT_BY_KEY] = {"Bounces", "Complaints", "Delays"};

/* The tables of the text: the keys of each. */
static const unsigned tables[] = {
    1 << FIGURES_KEY_REASON,
    1 << FIGURES_KEY_RECIPIENT,
    1 << FIGURES_KEY_SENDER,
    1 << FIGURES_KEY_SENDER | 1 << FIGURES_KEY_RECIPIENT | 1 << FIGURES_KEY_REASON,
};

/* One and many of each figure, in the order of the headline. */
static const struct {
    const char *one;
    const char *many;
    enum figures_count count;
    bool always; /* said even when there is none */
} headline[] = {
    {"bounce", "bounces", FIGURES_COUNT_BOUNCES, true},
    {"complaint", "complaints", FIGURES_COUNT_COMPLAINTS, true},
    {"other feedback report", "other feedback reports", FIGURES_COUNT_NO_COMPLAINTS, false},
    {"opt-out", "opt-outs", FIGURES_COUNT_OPT_OUTS, false},
    {"delay", "delays", FIGURES_COUNT_DELAYS, true},
    {"delivered", "delivered", FIGURES_COUNT_DELIVERED, false},
    {"auto-reply", "auto-replies", FIGURES_COUNT_AUTO_REPLIES, false},
    {"other", "other", FIGURES_COUNT_OTHER, false},
};

static void print_headline(GString *out, const char *day, const struct figures *figures)
{
    const char *separator = "";

    g_string_append_printf(out, "Daily report of %s (UTC)\n", day);
    for (size_t i = 0; i < G_N_ELEMENTS(headline); i++) {
        gint64 total = figures->totals[headline[i].count];

        if (total == 0 && !headline[i].always)
            continue;
        g_string_append_printf(out, "%s%" G_GINT64_FORMAT " %s", separator, total,
                               total == 1 ? headline[i].one : headline[i].many);
        if (headline[i].count == FIGURES_COUNT_BOUNCES && total != 0)
            g_string_append_printf(out, " (%" G_GINT64_FORMAT " hard, %" G_GINT64_FORMAT " soft)",
                                   figures->totals[FIGURES_COUNT_HARD], figures->totals[FIGURES_COUNT_SOFT]);
        separator = ", ";
    }
    g_string_append_c(out, '\n');
}

static void print_padded(GString *out, const char *text, glong width)
{
    g_string_append(out, text);
    for (glong length = g_utf8_strlen(text, -1); length < width + 2; length++)
        g_string_append_c(out, ' ');
}

static void print_counts(GString *out, const gint64 *counts)
{
    for (unsigned count = 0; count < FIGURES_COUNT_BY_KEY; count++)
        g_string_append_printf(out, "%*" G_GINT64_FORMAT, (int)strlen(count_titles[count]) + (count == 0 ? 0 : 2),
                               counts[count]);
    g_string_append_c(out, '\n');
}

/* A domain is what others wrote. */
static char *key_text(const char *key)
{
    return readable_dup(*key == '\0' ? "(unknown)" : key);
}

static void measure(const GArray *rows, guint shown, glong widths[FIGURES_KEYS])
{
    for (unsigned key = 0; key < FIGURES_KEYS; key++) {
        widths[key] = g_utf8_strlen(key_titles[key], -1);
        for (guint i = 0; i < shown; i++) {
            const struct figure *row = &g_array_index(rows, struct figure, i);
            g_autofree char *text = row->keys[key] != NULL ? key_text(row->keys[key]) : NULL;
            if (text != NULL)
                widths[key] = MAX(widths[key], g_utf8_strlen(text, -1));
        }
    }
}

/* A line whose first column is a text of ours: the sums. */
static void print_sum(GString *out, const char *text, unsigned keys, const glong widths[FIGURES_KEYS],
                      const gint64 *counts)
{
    for (unsigned key = 0; key < FIGURES_KEYS; key++) {
        if ((keys & 1U << key) == 0)
            continue;
        print_padded(out, text, widths[key]);
        text = "";
    }
    print_counts(out, counts);
}

static void print_table(GString *out, const struct figures *figures, unsigned keys)
{
    g_autoptr(GArray) rows = figures_by(figures, keys);
    guint shown = MIN(rows->len, TEXT_ROWS);
    gint64 others[FIGURES_COUNT_BY_KEY] = {0};
    glong widths[FIGURES_KEYS];

    measure(rows, shown, widths);
    g_string_append_c(out, '\n');
    for (unsigned key = 0; key < FIGURES_KEYS; key++) {
        if ((keys & 1U << key) != 0)
            print_padded(out, key_titles[key], widths[key]);
    }
    g_string_append_printf(out, "%s  %s  %s\n", count_titles[0], count_titles[1], count_titles[2]);
    for (guint i = 0; i < rows->len; i++) {
        const struct figure *row = &g_array_index(rows, struct figure, i);

        if (i < shown) {
            for (unsigned key = 0; key < FIGURES_KEYS; key++) {
                g_autofree char *text = row->keys[key] != NULL ? key_text(row->keys[key]) : NULL;
                if (text != NULL)
                    print_padded(out, text, widths[key]);
            }
            print_counts(out, row->counts);
        }
        for (unsigned count = 0; i >= shown && count < FIGURES_COUNT_BY_KEY; count++)
            others[count] += row->counts[count];
    }
    if (rows->len > shown) {
        g_autofree char *text = g_strdup_printf("%u others", rows->len - shown);
        print_sum(out, text, keys, widths, others);
    }
    print_sum(out, "Sum", keys, widths, figures->totals);
}

static void print_text(GString *out, const char *day, const struct figures *figures)
{
    print_headline(out, day, figures);
    for (size_t i = 0; figures->rows->len > 0 && i < G_N_ELEMENTS(tables); i++)
        print_table(out, figures, tables[i]);
}

/* --- CSV and JSON ----------------------------------------------------------------------------------------------- */

static void print_csv(GString *out, const char *day, const struct figures *figures)
{
    g_string_append(out, "day,sender_domain,recipient_domain,reason,bounces,complaints,delays\r\n");
    for (guint i = 0; i < figures->rows->len; i++) {
        const struct figure *row = &g_array_index(figures->rows, struct figure, i);

        csv_text(out, day);
        for (unsigned key = 0; key < FIGURES_KEYS; key++)
            csv_text(out, row->keys[key]);
        for (unsigned count = 0; count < FIGURES_COUNT_BY_KEY; count++)
            csv_number(out, row->counts[count]);
        csv_end(out);
    }
}

static json_t *row_object(const struct figure *row)
{
    json_t *object = json_object();

    for (unsigned key = 0; key < FIGURES_KEYS; key++)
        json_object_set_new(object, figures_key_names[key], json_string(row->keys[key]));
    for (unsigned count = 0; count < FIGURES_COUNT_BY_KEY; count++)
        json_object_set_new(object, figures_count_names[count], json_integer(row->counts[count]));
    return object;
}

static void print_json(GString *out, const char *day, const struct figures *figures)
{
    json_t *report = json_object();
    json_t *rows = json_array();

    json_object_set_new(report, "day", json_string(day));
    for (unsigned count = 0; count < FIGURES_COUNTS; count++)
        json_object_set_new(report, figures_count_names[count], json_integer(figures->totals[count]));
    for (guint i = 0; i < figures->rows->len; i++)
        json_array_append_new(rows, row_object(&g_array_index(figures->rows, struct figure, i)));
    json_object_set_new(report, "rows", rows);
    char *text = json_dumps(report, JSON_COMPACT);
    json_decref(report);
    g_assert(text != NULL);
    g_string_append(out, text);
    g_string_append_c(out, '\n');
    free(text);
}

static void (*const print[])(GString *out, const char *day, const struct figures *figures) = {
    [DAILY_TEXT] = print_text,
    [DAILY_CSV] = print_csv,
    [DAILY_JSON] = print_json,
};

/* The day's first second; -1 when `day` is no "YYYY-MM-DD". */
static gint64 read_day(const char *day)
{
    g_autofree char *text = g_strconcat(day, "T00:00:00Z", NULL);
    g_autoptr(GDateTime) time = strlen(day) == strlen("YYYY-MM-DD") ? g_date_time_new_from_iso8601(text, NULL) : NULL;

    return time == NULL ? -1 : g_date_time_to_unix(time);
}

GString *daily_report(struct store *store, const char *day, enum daily_format format, GError **error)
{
    gint64 start = read_day(day);

    if (start < 0) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "\"%s\" is no day: expected YYYY-MM-DD", day);
        return NULL;
    }
    g_autoptr(Figures) figures = figures_read(store, start, start + DAY, error);
    if (figures == NULL)
        return NULL;
    GString *out = g_string_new(NULL);
    print[format](out, day, figures);
    return out;
}
