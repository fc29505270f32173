/* secret.h: files that hold a password or keys: regular ones, which their owner and their group may read, and nobody
 * else. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The longest such file, octets. */
enum { SECRET_FILE_MAX = 65536 };

/* The content of the file, the caller's; NULL and an error if it cannot be read, or must not be trusted. It never
 * waits: a FIFO, or whatever else is not a file, is refused. */
char *secret_read(const char *path, GError **error);
