#include "parser/logs/log_table.h"

#include "parser/text/csv_record.h"

/* No column of that name. */
#define ABSENT CSV_RECORD_FIELDS_MAX
enum { MOST_KEYS = 16 };

struct log_table {
    struct csv_record record;
    const struct log_format *format; /* of the columns; NULL: none are named */
    unsigned columns[MOST_KEYS];     /* of the format's keys, in their order */
};

struct log_table *log_table_new(void)
{
    struct log_table *table = g_new0(struct log_table, 1);

    csv_record_init(&table->record);
    return table;
}

void log_table_free(struct log_table *table)
{
    if (table == NULL)
        return;
    csv_record_clear(&table->record);
    g_free(table);
}

void log_table_begin(struct log_table *table)
{
    table->format = NULL;
}

static unsigned find_column(const struct csv_record *record, const char *name)
{
    for (unsigned i = 0; i < record->n; i++) {
        if (span_is(span_trim(record->fields[i]), name))
            return i;
    }
    return ABSENT;
}

/* The first key names the first column, and there is one of recipients. */
static bool take_names(struct log_table *table, const struct log_format *format)
{
    const struct csv_record *record = &table->record;
    bool recipients = false;

    if (!span_is(span_trim(record->fields[0]), format->keys[0].key))
        return false;
    for (size_t i = 0; i < MOST_KEYS && format->keys[i].key != NULL; i++) {
        table->columns[i] = find_column(record, format->keys[i].key);
        recipients = recipients || (format->keys[i].field == LOG_FIELD_RECIPIENT && table->columns[i] != ABSENT);
    }
    table->format = recipients ? format : NULL;
    return recipients;
}

/* The first key of a field that has a value counts. */
static void take_record(const struct log_table *table, struct log_record *record)
{
    const struct csv_record *cells = &table->record;

    for (size_t i = 0; i < MOST_KEYS && table->format->keys[i].key != NULL; i++) {
        struct span *field = &record->fields[table->format->keys[i].field];

        if (table->columns[i] < cells->n && field->length == 0)
            *field = span_trim(cells->fields[table->columns[i]]);
    }
}

enum log_table_line log_table_read(struct log_table *table, const struct log_format *format, struct span line,
                                   struct log_record *record)
{
    if (line.length == 0 || csv_record_take(&table->record, line, ',') != NULL || table->record.n < 2)
        return LOG_TABLE_LINE_OTHER;
    if (take_names(table, format))
        return LOG_TABLE_LINE_NAMES;
    if (table->format != format || span_find_char(table->record.fields[0], ' ') != NULL)
        return LOG_TABLE_LINE_OTHER;
    take_record(table, record);
    return LOG_TABLE_LINE_RECORD;
}
