/* text_file.h: files that are read whole, and what is said when they cannot be. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The content, with a NUL behind it, which the caller frees, and its length; "cannot read FILE: ..." of G_FILE_ERROR.
 */
bool text_file_read(const char *path, char **text, size_t *length, GError **error);

/* Sets G_FILE_ERROR by `failure`, an errno: "cannot read PATH: ...". */
void text_file_fail(const char *path, int failure, GError **error);
