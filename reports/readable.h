/* readable.h: text that others wrote, made safe for people: on terminals, in log lines, in files that people open. It
 * is one line: ASCII's white space is blanks. A character that moves a cursor, hides, reorders or breaks lines is shown
 * as "?": control and format characters (U+009B, U+202E, U+2066), line and paragraph separators (U+2028), and bytes
 * that are no UTF-8 as U+FFFD. JSON is not made so: it is exact, and escapes. */
#pragma once

#include <glib.h>

/* Appends `text`; NULL is nothing. */
void readable_append(GString *out, const char *text);
/* The same as a string of its own, which the caller frees; NULL for NULL. */
char *readable_dup(const char *text);
