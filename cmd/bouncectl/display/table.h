/* table.h: rows for people and for programs: on a terminal a table fitted to its width with a heading; in a pipe a line
 * a row, cells between tabs, without heading and never cut, for cut(1) and awk(1). A column that is empty in all rows
 * is left out of the table for people. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bouncectl/display/output.h"

struct table_column {
    const char *heading;
    bool right;     /* numbers */
    bool shrink;    /* is cut when the terminal is too narrow */
    unsigned least; /* on a terminal never cut to fewer characters than these */
    unsigned most;  /* on a terminal never more characters than these; 0: as many as there are */
};

struct table;

/* `columns` ends with one without a heading; borrowed, as is `output`. */
struct table *table_new(const struct output *output, const struct table_column *columns);

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
