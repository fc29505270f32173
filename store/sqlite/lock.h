/* lock.h: PATH.lock, the file that the daemon of the database PATH keeps locked as long as it lives, with its process
 * id in it. Internal to store/sqlite/. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/* Locks it for the database `path`, an absolute one with links resolved. Gives a descriptor; -1 and an error if it
 * fails (STORE_ERROR_HELD if another process has locked it). */
int lock_take(const char *path, GError **error);
/* Unlocks it; fine with -1. The file stays: another daemon may be about to lock it. */
void lock_release(int lock);

/* The process that has locked it, 0 if none has. */
bool lock_holder(const char *path, pid_t *holder, GError **error);
