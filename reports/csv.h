/* csv.h: lines of comma-separated values, RFC 4180: CRLF at their ends, quotes where they are needed.
 *
 * Spreadsheets run what begins with "=", "+", "-", "@", a tab or a CR as a formula. csv_text() puts an apostrophe
 * before such text, since others wrote it. csv_key() does not: programs compare addresses, and one that was changed
 * would be a suppression that nobody honours. An address is no formula anyway: it has parentheses only inside of
 * quotes, and ends in
 * "@domain". */
#pragma once

#include <glib.h>

/* Each appends a field, and the comma after it; NULL is an empty field. */
void csv_key(GString *line, const char *text);
void csv_text(GString *line, const char *text);
void csv_number(GString *line, gint64 number);

/* Ends the line: in the place of the last comma. */
void csv_end(GString *line);
