/* csv_record.h: one record of a file of separated values (RFC 4180): fields in quotes may hold separators, line ends
 * and doubled quotes; a line ends with CRLF, LF or CR. A quote within a field that does not begin with one stands for
 * itself, as spreadsheets write it. Pure: no I/O.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

enum {
    CSV_RECORD_MAX = 64 * 1024, /* octets of a record, line ends included */
    CSV_RECORD_FIELDS_MAX = 256,
};

struct csv_record {
    struct span fields[CSV_RECORD_FIELDS_MAX];
    unsigned n;     /* of them; an empty line has one, which is empty */
    size_t used;    /* octets of the text, its line end included */
    unsigned lines; /* so many line ends are in it */
    GString *plain; /* fields whose quotes are resolved */
};

void csv_record_init(struct csv_record *record);
void csv_record_clear(struct csv_record *record);

/* Reads the record that `text` begins with, which is not empty. `text` reaches to the end of the file, or has at least
 * CSV_RECORD_MAX octets. The fields live as long as `text`, until the next call. NULL if it is good, else what is wrong
 * with it: a constant. */
const char *csv_record_take(struct csv_record *record, struct span text, char separator);

/* The separator that the first line of `text` was probably written with: of ",", ";" and tab the one that stands most
 * often outside of quotes; '\0': none does. */
char csv_record_separator(struct span text);
