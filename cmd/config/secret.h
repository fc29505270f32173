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

enum secret_place {
    SECRET_PLACE_NEW,     /* G_FILE_ERROR_EXIST if there is a file */
    SECRET_PLACE_REPLACE, /* whatever is there goes, all at once */
};

/* Writes a file that secret_read() takes, to the disk: root's and for the group of the daemon's user to read, or the
 * caller's own alone where that is not root. */
bool secret_write(const char *path, const char *text, enum secret_place place, GError **error);
