/* file.h: the database file as the file system sees it. Internal to store/sqlite/. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Makes a new file beside the database or that itself, and opens it: a descriptor, or -1 and `errno`. One that root
 * makes is the directory's owner's. */
int file_create(const char *path);
/* Makes the database, for its owner to write and its group to read, unless it exists. */
bool file_make(const char *path, GError **error);

/* The octets that are left to us on its file system. */
bool file_space(const char *path, guint64 *octets, GError **error);

/* The octets of a file, 0 if there is none. */
guint64 file_size(const char *path);

/* The number of the file that has this name; false, and 0, if none has. */
bool file_inode(const char *path, guint64 *inode);

/* May the database be opened again, that was the file `inode`? STORE_ERROR_LOST if it is gone, or if another file has
 * its name, and the write-ahead log of the one before would damage that. */
bool file_check_return(const char *path, guint64 inode, GError **error);

/* Renames a file over another one, for good: also after a power failure. */
bool file_put(const char *from, const char *to, GError **error);
/* Gives the file a second name, which outlives the first. */
bool file_keep(const char *path, const char *name, GError **error);
