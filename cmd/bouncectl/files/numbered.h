/* numbered.h: the lines of a file or of standard input, numbered, unpacked if it is compressed. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum { NUMBERED_LENGTH_MAX = 1024 * 1024 }; /* octets */

struct numbered;

/* `path` is borrowed; "-" is standard input. NULL and an error if it cannot be read. */
struct numbered *numbered_open(const char *path, GError **error);
void numbered_free(struct numbered *lines);

/* The next line without its end, LF or CRLF; it lives until the next call. NULL at the end, or with an error. */
const GString *numbered_next(struct numbered *lines, GError **error);
/* "FILE:7: ", for an error about the line that was given last; the caller frees. */
char *numbered_place(const struct numbered *lines);
/* 7 */
guint64 numbered_number(const struct numbered *lines);

typedef struct numbered Numbered;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Numbered, numbered_free)
