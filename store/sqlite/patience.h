/* patience.h: how long a connection that only reads waits for the locks of others: no longer than it was told, whatever
 * it is that it waits for. Internal to store/. */
#pragma once

#include <glib.h>

struct patience {
    gint64 longest; /* microseconds */
    gint64 until;   /* of the wait that is on; monotonic */
};

/* The name of a VFS for sqlite3_open_v2(): the system's, which sleeps shortly. SQLite tries a hundred times to begin to
 * read, and sleeps ten seconds in all between them, beside the busy timeout (walTryBeginRead(), 3.40). */
const char *patience_vfs(void);

/* Sets the busy handler of `database`, a sqlite3 *; `patience` must live as long. */
void patience_set(void *database, struct patience *patience, unsigned milliseconds);
