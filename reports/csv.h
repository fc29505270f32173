/* csv.h: lines of comma-separated values, RFC 4180: CRLF at their ends, quotes where they are needed.
 *
 * Spreadsheets run what begins with "=", "+", "-", "@", a tab or a CR as a formula. Each field that does, an address as
 * well, has an apostrophe before it; and so has one that begins with apostrophes before such a character, so that
 * whoever reads the file takes one off where it stands before "=", "+", "-", "@" or another apostrophe of that kind. */
#pragma once

#include <glib.h>

/* Each appends a field, and the comma after it; NULL is an empty field. Text is made readable (readable.h). */
void csv_text(GString *line, const char *text);
void csv_number(GString *line, gint64 number);

/* Ends the line: in the place of the last comma. */
void csv_end(GString *line);
