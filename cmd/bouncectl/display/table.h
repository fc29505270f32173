/* table.h: rows for people and for programs: on a terminal a table fitted to its width with a heading; in a pipe a line
 * a row, cells between tabs, without heading and never cut, for cut(1) and awk(1). A column that is empty in all rows
 * is left out of the table for people, and so are the least important ones where there is no room. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bouncectl/display/cell.h"
#include "cmd/bouncectl/display/output.h"

/* A column of a command's output. But for the heading it is about terminals alone. */
struct table_column {
    const char *heading; /* "CAME TO", whose name is came_to */
    unsigned rank;       /* where there is no room the highest goes first; 0 stays always */
    enum cell_cut cut;
    unsigned least; /* of one that may be cut: never to fewer characters than these */
    unsigned most;  /* never more characters than these; 0: as many as there are */
    bool right;     /* numbers */
    bool coloured;  /* its words have colours, see output_word_style() */
};

struct table;

/* The columns that `names` are, with commas between them, in that order: indexes into `columns`. NULL and an error when
 * there is none of a name. The caller frees. */
GArray *table_choose(const struct table_column *columns, const char *names, GError **error);
/* "address"; the caller frees. */
char *table_column_name(const struct table_column *column);

/* `columns` ends with one without a heading, and of `chosen` is NULL (all) or what table_choose() gave; `none` is said
 * on a terminal when there are no rows. All are borrowed, as is `output`. */
struct table *table_new(const struct output *output, const struct table_column *columns, const char *none);

/* One cell a column; NULL is empty. They are copied. */
void table_add(struct table *table, const char *const *cells);

/* A time as a cell: for people on a terminal, RFC 3339 in a pipe; "" for 0. The caller frees. */
char *table_time(const struct table *table, gint64 seconds);
/* The same; for people its day is enough. */
char *table_day(const struct table *table, gint64 seconds);

/* Prints what is not printed yet, and frees. */
void table_free(struct table *table);

typedef struct table Table;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)
