/* log_table.h: logs that are tables (RFC 4180), of which the first line names the columns. */
#pragma once

#include "parser/logs/log_format.h"

struct log_table;

struct log_table *log_table_new(void);
void log_table_free(struct log_table *table);

/* Forgets the columns: another file begins. */
void log_table_begin(struct log_table *table);

enum log_table_line {
    LOG_TABLE_LINE_OTHER, /* it is of no table of that format */
    LOG_TABLE_LINE_NAMES,
    LOG_TABLE_LINE_RECORD,
};

/* Reads one line by the format: its names of columns, or a record of the columns that were named last. The fields live
 * until the next call. */
enum log_table_line log_table_read(struct log_table *table, const struct log_format *format, struct span line,
                                   struct log_record *record);
