/* window.h: the part of a file that is being read: at least CSV_RECORD_MAX octets of it, or all to its end. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

struct window;

/* `name` is its name in messages. `path` is borrowed; what is compressed is unpacked (files/input.h). NULL and an error
 * if it cannot be read, or is no UTF-8 by its byte order mark; that of UTF-8 is taken away. */
struct window *window_open(const char *path, const char *name, GError **error);
void window_free(struct window *window);

/* The text that comes next, empty at the end; it lives until the next call of any function. False if it cannot be read.
 */
bool window_text(struct window *window, struct span *text, GError **error);
/* The first `used` octets of it are done. */
void window_skip(struct window *window, size_t used);
