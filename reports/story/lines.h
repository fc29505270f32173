/* lines.h: the lines of a story: headings, and fields below them, "  note        asked by phone". A program may look
 * for a field by its name at the beginning of a line; a value is one line without what a terminal obeys. */
#pragma once

#include <glib.h>

/* Escape sequences of the terminal that it is told on; lines_plain has none. */
struct lines_style {
    const char *heading, *name, *suppressed, *free, *end;
};
extern const struct lines_style lines_plain;

void lines_heading(GString *out, const struct lines_style *style, const char *heading);
/* Nothing if `value` is NULL or "". */
void lines_field(GString *out, const struct lines_style *style, const char *name, const char *value);

/* "1 report", "2 reports"; the caller frees. */
char *lines_number(gint64 n, const char *noun);
