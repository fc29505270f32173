#include "cmd/lists/roster.h"

#include <string.h>

#include "cmd/lists/bare.h"
#include "cmd/lists/members.h"
#include "cmd/lists/objects.h"
#include "cmd/lists/window.h"
#include "parser/text/csv_record.h"

struct roster {
    struct roster_settings settings;
    enum export_format format;
    struct window *window;
    guint64 next_line; /* that the rest begins in */
    guint64 line;      /* that the row begins in */
    struct span text;  /* the row */
    const char *fault;
    struct columns columns;
    char unknown[COLUMNS_NAME_MAX]; /* the first such column of all rows */
    struct entry_room room;
    GString *texts[COLUMN_COUNT]; /* the values of a record */
    /* CSV */
    char separator;
    bool bare; /* it has no header line */
    struct csv_record record;
    /* JSON */
    struct objects objects;
    struct members members;
};

/* clang-format off */
G_DEFINE_QUARK(roster-error, roster_error)
/* clang-format on */

static enum roster_result broken(const struct roster *roster, const char *fault, GError **error)
{
    g_set_error(error, ROSTER_ERROR, ROSTER_ERROR_BROKEN, "%s:%" G_GUINT64_FORMAT ": %s", roster->settings.name,
                roster->line, fault);
    return ROSTER_RESULT_FAILED;
}

static guint64 count_lines(struct span text)
{
    guint64 n = 0;

    for (const char *at = text.at; (at = memchr(at, '\n', text.length - (size_t)(at - text.at))) != NULL; at++)
        n++;
    return n;
}

/* False if the file is in some other encoding. */
static bool check_text(const struct roster *roster, struct span text, GError **error)
{
    if (memchr(text.at, '\0', text.length) != NULL)
        broken(roster, "a NUL; is it a text file?", error);
    else if (!g_utf8_validate_len(text.at, text.length, NULL))
        broken(roster, "it is not UTF-8; if it is Latin-1, `iconv -f LATIN1 -t UTF-8` makes UTF-8 of it", error);
    else
        return true;
    return false;
}

/* `used` octets of the window are the row, and what stands around it. */
static bool take_row(struct roster *roster, struct span row, size_t used, guint64 lines, GError **error)
{
    roster->next_line += lines;
    roster->text = row;
    window_skip(roster->window, used);
    return check_text(roster, row, error);
}

static enum roster_result judge(struct roster *roster, const char *const *values, struct entry *entry)
{
    if (roster->unknown[0] == '\0')
        g_strlcpy(roster->unknown, roster->columns.unknown, sizeof roster->unknown);
    roster->fault = entry_read(entry, &roster->room, &roster->settings.rules, &roster->columns, values);
    return roster->fault == NULL ? ROSTER_RESULT_ENTRY : ROSTER_RESULT_REJECTED;
}

static enum roster_result reject(struct roster *roster, const char *fault)
{
    roster->fault = fault;
    return ROSTER_RESULT_REJECTED;
}

static const char *keep(struct roster *roster, enum column column, struct span text)
{
    GString *kept = roster->texts[column];
    bool people = column == COLUMN_NOTE || column == COLUMN_WHO || column == COLUMN_DIAGNOSTIC;

    if (!people || roster->columns.form != columns_ours)
        text = span_trim(text); /* what people wrote stays as it was in our own */
    g_string_truncate(kept, 0);
    g_string_append_len(kept, text.at, (gssize)text.length);
    return kept->str;
}

/* --- text: an address a line -------------------------------------------------------------------------------------- */

static enum roster_result next_line(struct roster *roster, struct entry *entry, GError **error)
{
    const char *values[COLUMN_COUNT] = {0};
    struct span text, line;

    for (;;) {
        if (!window_text(roster->window, &text, error))
            return ROSTER_RESULT_FAILED;
        if (text.length == 0)
            return ROSTER_RESULT_END;
        const char *end = memchr(text.at, '\n', text.length);
        size_t used = end != NULL ? (size_t)(end - text.at) + 1 : text.length;
        roster->line = roster->next_line;
        if (used > CSV_RECORD_MAX)
            return broken(roster, "a line of more than 65536 octets", error);
        line = span_trim(span_head(text, used));
        if (!take_row(roster, line, used, 1, error))
            return ROSTER_RESULT_FAILED;
        if (line.length > 0 && line.at[0] != '#')
            break;
    }
    values[COLUMN_ADDRESS] = keep(roster, COLUMN_ADDRESS, line);
    return judge(roster, values, entry);
}

/* --- CSV ---------------------------------------------------------------------------------------------------------- */

static struct span without_line_end(struct span text)
{
    while (text.length > 0 && (text.at[text.length - 1] == '\n' || text.at[text.length - 1] == '\r'))
        text.length--;
    return text;
}

/* Takes the next record that is not an empty line. */
static enum roster_result next_record(struct roster *roster, GError **error)
{
    struct csv_record *record = &roster->record;
    struct span text;

    do {
        if (!window_text(roster->window, &text, error))
            return ROSTER_RESULT_FAILED;
        if (text.length == 0)
            return ROSTER_RESULT_END;
        roster->line = roster->next_line;
        const char *fault = csv_record_take(record, text, roster->separator);
        if (fault != NULL)
            return broken(roster, fault, error);
        struct span row = without_line_end(span_head(text, record->used));
        if (!take_row(roster, row, record->used, record->lines, error))
            return ROSTER_RESULT_FAILED;
    } while (record->n == 1 && span_trim(record->fields[0]).length == 0);
    return ROSTER_RESULT_ENTRY;
}

/* csv.h says when an apostrophe was put before a field. */
static struct span without_guard(struct span field)
{
    size_t n = 0;

    while (n < field.length && field.at[n] == '\'')
        n++;
    return n > 0 && n < field.length && strchr("=+-@\t\r", field.at[n]) != NULL ? span_skip(field, 1) : field;
}

static void read_bare(struct roster *roster, const char **values)
{
    for (unsigned i = 0; i < roster->record.n; i++) {
        struct span field = span_trim(roster->record.fields[i]);
        enum column column = bare_column(field, values);

        if (column != COLUMN_COUNT)
            values[column] = keep(roster, column, field);
    }
}

static enum roster_result next_csv(struct roster *roster, struct entry *entry, GError **error)
{
    const struct csv_record *record = &roster->record;
    const char *values[COLUMN_COUNT] = {0};
    enum roster_result result = next_record(roster, error);

    if (result != ROSTER_RESULT_ENTRY)
        return result;
    if (roster->bare) {
        read_bare(roster, values);
        return judge(roster, values, entry);
    }
    if (record->n > roster->columns.n)
        return reject(roster, "it has more fields than the header line has names");
    bool ours = roster->columns.form == columns_ours;
    for (enum column column = 0; column < COLUMN_COUNT; column++) {
        int place = roster->columns.places[column];
        if (place < 0 || (unsigned)place >= record->n)
            continue;
        struct span field = record->fields[place];
        values[column] = keep(roster, column, ours ? without_guard(field) : field);
    }
    return judge(roster, values, entry);
}

static bool begin_csv(struct roster *roster, GError **error)
{
    const struct csv_record *record = &roster->record;
    struct span text;

    if (!window_text(roster->window, &text, error))
        return false;
    roster->separator = csv_record_separator(text);
    if (roster->separator == '\0')
        roster->separator = ',';
    roster->line = 1;
    const char *fault = text.length > 0 ? csv_record_take(&roster->record, text, roster->separator) : NULL;
    if (fault != NULL)
        return broken(roster, fault, error) != ROSTER_RESULT_FAILED;
    for (unsigned i = 0; text.length > 0 && i < record->n; i++)
        roster->bare = roster->bare || span_find_char(record->fields[i], '@') != NULL;
    if (roster->bare || text.length == 0)
        return true;
    if (!columns_find(record->fields, record->n, &roster->columns)) {
        broken(roster, "none of the columns has the name of one of addresses, such as \"email\" or \"recipient\"",
               error);
        return false;
    }
    return take_row(roster, span_head(text, record->used), record->used, record->lines, error);
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

/* The columns of objects whose members have the same names are the same. */
static bool find_columns(struct roster *roster)
{
    struct members *members = &roster->members;

    if (!members_same(members) || roster->columns.n != members->n)
        columns_find(members->names, members->n, &roster->columns);
    return roster->columns.places[COLUMN_ADDRESS] >= 0;
}

static enum roster_result read_object(struct roster *roster, struct entry *entry)
{
    const char *values[COLUMN_COUNT] = {0};

    if (!find_columns(roster))
        return reject(roster, "it has no member with the name of an address, such as \"email\" or \"recipient\"");
    for (enum column column = 0; column < COLUMN_COUNT; column++) {
        int place = roster->columns.places[column];
        if (place >= 0)
            values[column] = members_text(&roster->members, (unsigned)place);
    }
    return judge(roster, values, entry);
}

static enum roster_result next_json(struct roster *roster, struct entry *entry, GError **error)
{
    enum objects_result result;
    struct span text, object;

    do {
        size_t used;

        if (!window_text(roster->window, &text, error))
            return ROSTER_RESULT_FAILED;
        roster->line = roster->next_line;
        result = objects_take(&roster->objects, text, &object, &used);
        if (result == OBJECTS_RESULT_END)
            return ROSTER_RESULT_END;
        if (result == OBJECTS_RESULT_BROKEN) {
            roster->line += count_lines(span_head(text, used));
            return broken(roster, "expected objects of at most 65536 octets: one a line, or an array of them", error);
        }
        struct span row = result == OBJECTS_RESULT_OBJECT ? object : span_head(text, 0);
        struct span before = span_head(text, used - row.length);
        roster->line += count_lines(before);
        if (!take_row(roster, row, used, count_lines(span_head(text, used)), error))
            return ROSTER_RESULT_FAILED;
    } while (result == OBJECTS_RESULT_SKIPPED);
    return members_read(&roster->members, object) ? read_object(roster, entry) : reject(roster, roster->members.fault);
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

static const struct {
    enum roster_result (*next)(struct roster *roster, struct entry *entry, GError **error);
    bool (*begin)(struct roster *roster, GError **error);
} formats[] = {
    [EXPORT_CSV] = {next_csv, begin_csv},
    [EXPORT_JSON] = {next_json, NULL},
    [EXPORT_TEXT] = {next_line, NULL},
};

/* By its first line that is not blank: JSON begins with a bracket, CSV has separators, or the name of a column. */
static bool find_format(struct roster *roster, GError **error)
{
    struct span text, line;

    if (roster->settings.format != 0) {
        roster->format = roster->settings.format - 1;
        return true;
    }
    if (!window_text(roster->window, &text, error))
        return false;
    text = span_trim(text);
    roster->format = EXPORT_TEXT;
    if (text.length > 0 && (text.at[0] == '{' || text.at[0] == '[')) {
        roster->format = EXPORT_JSON;
    } else if (span_line(&text, &line) && line.length > 0 && line.at[0] != '#') {
        struct span name = span_trim(line);
        if (csv_record_separator(line) != '\0' || columns_header(&name, 1))
            roster->format = EXPORT_CSV;
    }
    return true;
}

struct roster *roster_open(const struct roster_settings *settings, GError **error)
{
    struct window *window = window_open(settings->path, settings->name, error);

    if (window == NULL)
        return NULL;
    struct roster *roster = g_new0(struct roster, 1);
    roster->settings = *settings;
    roster->window = window;
    columns_find(NULL, 0, &roster->columns);
    roster->next_line = 1;
    entry_room_init(&roster->room);
    csv_record_init(&roster->record);
    members_init(&roster->members);
    for (enum column column = 0; column < COLUMN_COUNT; column++)
        roster->texts[column] = g_string_new(NULL);
    if (find_format(roster, error) &&
        (formats[roster->format].begin == NULL || formats[roster->format].begin(roster, error)))
        return roster;
    roster_free(roster);
    return NULL;
}

void roster_free(struct roster *roster)
{
    if (roster == NULL)
        return;
    window_free(roster->window);
    entry_room_clear(&roster->room);
    csv_record_clear(&roster->record);
    for (enum column column = 0; column < COLUMN_COUNT; column++)
        g_string_free(roster->texts[column], TRUE);
    members_clear(&roster->members);
    g_free(roster);
}

enum roster_result roster_next(struct roster *roster, struct entry *entry, GError **error)
{
    return formats[roster->format].next(roster, entry, error);
}

guint64 roster_line(const struct roster *roster)
{
    return roster->line;
}

struct span roster_text(const struct roster *roster)
{
    return roster->text;
}

const char *roster_fault(const struct roster *roster)
{
    return roster->fault;
}

char *roster_form(const struct roster *roster)
{
    const char *form = roster->columns.form;

    if (form == NULL && roster->unknown[0] != '\0')
        return g_strdup_printf("%s; the column %s is not known, and left aside", export_format_names[roster->format],
                               roster->unknown);
    if (form == NULL)
        return g_strdup(export_format_names[roster->format]);
    return g_strdup_printf("%s, in the form of %s", export_format_names[roster->format],
                           form == columns_ours ? "bouncectl export" : form);
}
