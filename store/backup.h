/* backup.h: a copy of a database, made while it is used, and the way back. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/error.h"

struct backup;

enum backup_state {
    BACKUP_MORE,   /* call again */
    BACKUP_DONE,   /* the file is there, on disk, and was read again without a fault */
    BACKUP_FAILED, /* see the error; a file that was there before is as it was */
};

/* Of the database at `path` as it is now, in one file, which has its name once it is whole. A file of that name is
 * replaced then; that of the database, and what SQLite keeps beside it, is refused. */
struct backup *backup_new(const char *path, const char *file, GError **error);
/* A part of the work, for a program that shows how far it is: `*part` of 1. The last step takes long. */
enum backup_state backup_step(struct backup *backup, double *part, GError **error);
void backup_free(struct backup *backup);

/* Puts the backup in `file` in the place of the database at `path`, or makes that: brings it to the present schema and
 * reads all of it before. No daemon may hold the database (STORE_ERROR_HELD). The database that was there is kept as
 * `*kept`, which the caller frees; NULL if nothing was. */
bool backup_restore(const char *file, const char *path, char **kept, GError **error);

typedef struct backup Backup;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Backup, backup_free)
