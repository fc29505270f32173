/* http_cursor.h: the cursor of a list that goes on: opaque to clients, who get it as "next" and give it back as
 * "after". It grants nothing: what a client may see is looked at anew. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum { HTTP_CURSOR_PARTS = 2 };

/* Of the list `kind`, behind the row that these texts name. The caller frees. */
char *http_cursor_write(const char *kind, const char *const parts[HTTP_CURSOR_PARTS]);
/* The other way; the caller frees the parts. False if it is none of this list's. */
bool http_cursor_read(const char *cursor, const char *kind, char *parts[HTTP_CURSOR_PARTS]);
