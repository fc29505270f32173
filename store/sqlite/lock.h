/* lock.h: PATH.lock, the file that the daemon of the database PATH holds locked as long as it lives, with its process
 * id in it (see store_holder()). Internal to store/. */
#pragma once

#include <glib.h>

/* Locks it for the database `path`, an absolute one with links resolved. The descriptor, whose closing unlocks it; -1
 * and an error (STORE_ERROR_HELD when another has it). */
int lock_take(const char *path, GError **error);
