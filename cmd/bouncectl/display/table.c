#include "cmd/bouncectl/display/table.h"

#include <string.h>

#include "cmd/bouncectl/display/layout.h"
#include "reports/moment.h"
#include "reports/readable.h"
#include "store/event.h"

enum { PAGE = 10000 }; /* rows that are held to find the widths; then the table goes on with new ones */

/* On a terminal a page of rows is held; in a pipe nothing is. */
struct table {
    const struct output *output;
    const struct table_column **columns; /* those that are shown, n of them */
    guint *places;                       /* of each of them among a row's cells */
    guint n;
    const char *none;
    GPtrArray *cells; /* of char *: n a row */
    guint rows;
    struct layout_column *layout; /* n of them: of the last page */
    bool begun;                   /* a page was printed */
};

/* --- columns ------------------------------------------------------------------------------------------------------ */

char *table_column_name(const struct table_column *column)
{
    return g_strdelimit(g_ascii_strdown(column->heading, -1), " -", '_');
}

static bool find_column(const struct table_column *columns, const char *name, guint *place)
{
    g_autofree char *wanted = g_strdelimit(g_ascii_strdown(name, -1), " -", '_');

    for (*place = 0; columns[*place].heading != NULL; ++*place) {
        g_autofree char *known = table_column_name(&columns[*place]);
        if (strcmp(known, wanted) == 0)
            return true;
    }
    return false;
}

GArray *table_choose(const struct table_column *columns, const char *names, GError **error)
{
    g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(guint));
    g_auto(GStrv) words = g_strsplit(names, ",", -1);
    guint place;

    for (char **word = words; *word != NULL; word++) {
        if (!find_column(columns, g_strstrip(*word), &place)) {
            g_autoptr(GString) known = g_string_new(NULL);
            for (const struct table_column *column = columns; column->heading != NULL; column++) {
                g_autofree char *name = table_column_name(column);
                g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", name);
            }
            g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "there is no column '%s'; expected %s", *word,
                        known->str);
            return NULL;
        }
        g_array_append_val(chosen, place);
    }
    return g_steal_pointer(&chosen);
}

static guint count_columns(const struct table_column *columns)
{
    guint n = 0;

    while (columns[n].heading != NULL)
        n++;
    return n;
}

struct table *table_new(const struct output *output, const struct table_column *columns, const char *none)
{
    struct table *table = g_new0(struct table, 1);
    const GArray *chosen = output->chosen;

    table->output = output;
    table->none = none;
    table->n = chosen != NULL ? chosen->len : count_columns(columns);
    table->columns = g_new0(const struct table_column *, table->n);
    table->places = g_new0(guint, table->n);
    table->layout = g_new0(struct layout_column, table->n);
    for (guint i = 0; i < table->n; i++) {
        table->places[i] = chosen != NULL ? g_array_index(chosen, guint, i) : i;
        table->columns[i] = &columns[table->places[i]];
    }
    table->cells = g_ptr_array_new_with_free_func(g_free);
    return table;
}

/* --- on a terminal ------------------------------------------------------------------------------------------------ */

static const char *cell_at(const struct table *table, guint row, guint column)
{
    return table->cells->pdata[row * table->n + column];
}

/* The widths that the columns want for the rows that are held. */
static void measure(const struct table *table, struct layout_column *layout)
{
    for (guint i = 0; i < table->n; i++) {
        const struct table_column *column = table->columns[i];
        unsigned wanted = 0;

        for (guint row = 0; row < table->rows; row++)
            wanted = MAX(wanted, cell_width(cell_at(table, row, i)));
        if (wanted > 0 || table->output->chosen != NULL)
            wanted = MAX(wanted, cell_width(column->heading));
        layout[i].wanted = wanted;
        layout[i].least = column->cut == CELL_WHOLE ? wanted : MAX(column->least, cell_width(column->heading));
        layout[i].rank = table->output->chosen != NULL ? 0 : column->rank;
    }
    layout_fit(layout, table->n, table->output->width);
}

static bool is_last(const struct table *table, guint column)
{
    for (guint i = column + 1; i < table->n; i++) {
        if (table->layout[i].width > 0)
            return false;
    }
    return true;
}

static void print_cell(const struct table *table, GString *line, guint i, const char *text, const char *style)
{
    unsigned width = table->layout[i].width;
    g_autofree char *shown = cell_cut(text, width, table->columns[i]->cut);
    unsigned fill = width - MIN(width, cell_width(shown));

    g_string_append_printf(line, "%s%*s%s%s%s", line->len > 0 ? " " : "", table->columns[i]->right ? (int)fill : 0, "",
                           style, shown, *style != '\0' ? output_style(table->output, OUTPUT_PLAIN) : "");
    if (!table->columns[i]->right && !is_last(table, i))
        g_string_append_printf(line, "%*s", (int)fill, "");
}

static void print_heading(const struct table *table, GString *line)
{
    for (guint i = 0; i < table->n; i++) {
        if (table->layout[i].width > 0)
            print_cell(table, line, i, table->columns[i]->heading, output_style(table->output, OUTPUT_BOLD));
    }
    output_line(table->output, line);
}

/* A page that needs other widths has a heading of its own. */
static void print_page(struct table *table)
{
    g_autofree struct layout_column *layout = g_new0(struct layout_column, table->n);
    g_autoptr(GString) line = g_string_new(NULL);
    bool same = table->begun;

    measure(table, layout);
    for (guint i = 0; i < table->n; i++) {
        same = same && layout[i].width == table->layout[i].width;
        table->layout[i] = layout[i];
    }
    if (!same)
        print_heading(table, line);
    for (guint row = 0; row < table->rows; row++) {
        for (guint i = 0; i < table->n; i++) {
            const char *cell = cell_at(table, row, i);
            if (table->layout[i].width > 0)
                print_cell(table, line, i, cell,
                           table->columns[i]->coloured ? output_word_style(table->output, cell) : "");
        }
        while (line->len > 0 && line->str[line->len - 1] == ' ')
            g_string_truncate(line, line->len - 1);
        output_line(table->output, line);
    }
    g_ptr_array_set_size(table->cells, 0);
    table->rows = 0;
    table->begun = true;
}

static char *fit(const struct table *table, const struct table_column *column, const char *cell)
{
    char *readable = readable_dup(cell != NULL ? cell : "");

    if (column->most > 0 && table->output->width > 0 && g_utf8_strlen(readable, -1) > (glong)column->most)
        *g_utf8_offset_to_pointer(readable, (glong)column->most) = '\0';
    return readable;
}

/* Which columns the last page had no room for. */
static void tell_left_out(const struct table *table)
{
    g_autoptr(GString) names = g_string_new("not shown: ");
    guint n = 0;

    for (guint i = 0; i < table->n; i++) {
        if (table->layout[i].width == 0 && table->layout[i].wanted > 0)
            g_string_append_printf(names, "%s%s", n++ > 0 ? ", " : "", table->columns[i]->heading);
    }
    if (n == 0)
        return;
    g_string_append(names, " (--wide shows all)");
    if (names->len > table->output->width)
        g_string_printf(names, "not shown: %u column%s (--wide)", n, n == 1 ? "" : "s");
    fprintf(table->output->stream, "%s%s%s\n", output_style(table->output, OUTPUT_FAINT), names->str,
            output_style(table->output, OUTPUT_PLAIN));
}

/* --- both --------------------------------------------------------------------------------------------------------- */

static void print_bare(const struct table *table, const struct table_column *column, const char *cell)
{
    g_autofree char *readable = readable_dup(cell);
    const char *style = column->coloured ? output_word_style(table->output, readable) : "";

    fputs(style, table->output->stream);
    fputs(readable, table->output->stream);
    if (*style != '\0')
        fputs(output_style(table->output, OUTPUT_PLAIN), table->output->stream);
}

static void print_plain(const struct table *table, const char *const *cells)
{
    for (guint i = 0; i < table->n; i++) {
        const char *cell = cells[table->places[i]];
        if (i > 0)
            putc_unlocked('\t', table->output->stream);
        if (cell != NULL && *cell != '\0')
            print_bare(table, table->columns[i], cell);
    }
    putc_unlocked('\n', table->output->stream);
}

void table_add(struct table *table, const char *const *cells)
{
    if (!table->output->terminal) {
        print_plain(table, cells);
        return;
    }
    for (guint i = 0; i < table->n; i++)
        g_ptr_array_add(table->cells, fit(table, table->columns[i], cells[table->places[i]]));
    if (++table->rows == PAGE)
        print_page(table);
}

char *table_time(const struct table *table, gint64 seconds)
{
    if (seconds == 0)
        return g_strdup("");
    return table->output->terminal ? moment_text(seconds) : event_time_format(seconds);
}

char *table_day(const struct table *table, gint64 seconds)
{
    return seconds != 0 && table->output->terminal ? moment_day(seconds) : table_time(table, seconds);
}

void table_free(struct table *table)
{
    if (table == NULL)
        return;
    if (table->rows > 0)
        print_page(table);
    if (table->begun)
        tell_left_out(table);
    else if (table->output->terminal && table->none != NULL)
        fprintf(table->output->stream, "%s\n", table->none);
    g_ptr_array_unref(table->cells);
    g_free(table->layout);
    g_free(table->places);
    g_free(table->columns);
    g_free(table);
}
