#include "cmd/bouncectl/display/table.h"

#include <libsmartcols.h>

#include "cmd/bouncectl/display/moment.h"
#include "reports/readable.h"
#include "store/event.h"

enum { PAGE = 10000 }; /* rows that are held to find the widths; then the table goes on with new ones */

struct table {
    const struct output *output;
    const struct table_column *columns;
    struct libscols_table *fitted; /* on a terminal */
    unsigned rows;
    guint64 filled; /* a bit for each column: some row has text there */
};

static void add_column(struct libscols_table *fitted, const struct table_column *column)
{
    int flags = (column->right ? SCOLS_FL_RIGHT : 0) | (column->shrink ? SCOLS_FL_TRUNC : 0);
    /* libsmartcols never cuts a column to less than its heading. */
    g_autofree char *heading = g_strdup_printf("%-*s", (int)column->least, column->heading);
    struct libscols_column *added = scols_table_new_column(fitted, heading, 0, flags);

    if (added == NULL || scols_cell_set_color(scols_column_get_header(added), "\033[1m") != 0)
        g_error("cannot make a table: out of memory");
}

struct table *table_new(const struct output *output, const struct table_column *columns)
{
    struct table *table = g_new0(struct table, 1);

    table->output = output;
    table->columns = columns;
    if (!output->terminal)
        return table;
    table->fitted = scols_new_table();
    if (table->fitted == NULL || scols_table_set_stream(table->fitted, output->stream) != 0)
        g_error("cannot make a table: out of memory");
    scols_table_enable_colors(table->fitted, output->colour);
    for (const struct table_column *column = columns; column->heading != NULL; column++)
        add_column(table->fitted, column);
    return table;
}

/* A column that was shown once stays, so that the pages have the same columns. */
static void hide_empty_columns(struct table *table)
{
    for (size_t i = 0; table->columns[i].heading != NULL; i++) {
        struct libscols_column *column = scols_table_get_column(table->fitted, i);
        int flags = scols_column_get_flags(column) & ~SCOLS_FL_HIDDEN;

        if (scols_column_set_flags(column, flags | ((table->filled >> i & 1) != 0 ? 0 : SCOLS_FL_HIDDEN)) != 0)
            g_error("cannot make a table: out of memory");
    }
}

static void print_page(struct table *table)
{
    if (table->rows == 0)
        return;
    hide_empty_columns(table);
    scols_print_table(table->fitted);
    scols_table_remove_lines(table->fitted);
    scols_table_enable_noheadings(table->fitted, 1);
    table->rows = 0;
}

static char *fit(const struct table_column *column, const char *cell)
{
    char *readable = readable_dup(cell != NULL ? cell : "");

    if (column->most > 0 && g_utf8_strlen(readable, -1) > (glong)column->most)
        *g_utf8_offset_to_pointer(readable, (glong)column->most) = '\0';
    return readable;
}

static void add_fitted(struct table *table, const char *const *cells)
{
    struct libscols_line *line = scols_table_new_line(table->fitted, NULL);

    for (size_t i = 0; table->columns[i].heading != NULL; i++) {
        g_autofree char *cell = fit(&table->columns[i], cells[i]);
        if (line == NULL || scols_line_set_data(line, i, cell) != 0)
            g_error("cannot make a table: out of memory");
        table->filled |= (guint64)(*cell != '\0') << i;
    }
    if (++table->rows == PAGE)
        print_page(table);
}

static void print_cell(FILE *stream, const char *cell)
{
    g_autofree char *readable = readable_dup(cell);

    fputs(readable, stream);
}

static void print_plain(const struct table *table, const char *const *cells)
{
    for (size_t i = 0; table->columns[i].heading != NULL; i++) {
        if (i > 0)
            putc_unlocked('\t', table->output->stream);
        print_cell(table->output->stream, cells[i] != NULL ? cells[i] : "");
    }
    putc_unlocked('\n', table->output->stream);
}

void table_add(struct table *table, const char *const *cells)
{
    if (table->fitted != NULL)
        add_fitted(table, cells);
    else
        print_plain(table, cells);
}

char *table_time(const struct table *table, gint64 seconds)
{
    if (seconds == 0)
        return g_strdup("");
    return table->fitted != NULL ? moment_text(seconds) : event_time_format(seconds);
}

char *table_day(const struct table *table, gint64 seconds)
{
    return seconds != 0 && table->fitted != NULL ? moment_day(seconds) : table_time(table, seconds);
}

void table_free(struct table *table)
{
    if (table == NULL)
        return;
    if (table->fitted != NULL) {
        print_page(table);
        scols_unref_table(table->fitted);
    }
    g_free(table);
}
