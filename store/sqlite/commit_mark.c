#include "store/sqlite/commit_mark.h"

#include <sqlite3.h>
#include <string.h>

/* The first part of the wal-index, as SQLite maps it; the header has two copies at its beginning. */
enum { WAL_INDEX_PART = 32768, INITIALISED = 12 };

/* By SQLite's own interface to it: a descriptor of our own for the -shm file would take SQLite's locks away when it is
 * closed, as POSIX wants. */
static const volatile guint8 *wal_index(sqlite3 *database)
{
    sqlite3_file *file = NULL;
    void volatile *part = NULL;

    if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || file == NULL ||
        file->pMethods == NULL || file->pMethods->iVersion < 2 ||
        file->pMethods->xShmMap(file, 0, WAL_INDEX_PART, 0, &part) != SQLITE_OK)
        return NULL;
    return part;
}

static void copy(guint8 *to, const volatile guint8 *from)
{
    for (size_t i = 0; i < COMMIT_MARK_OCTETS / sizeof(guint64); i++) {
        guint64 word = ((const volatile guint64 *)from)[i];
        memcpy(to + i * sizeof word, &word, sizeof word);
    }
}

/* A writer writes the second copy, then the first one: while they differ it is at it. */
bool commit_mark_read(void *database, struct commit_mark *mark)
{
    const volatile guint8 *header = wal_index(database);
    struct commit_mark second;

    if (header == NULL)
        return false;
    copy(mark->header, header);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    copy(second.header, header + COMMIT_MARK_OCTETS);
    return commit_mark_same(mark, &second) && mark->header[INITIALISED] != 0;
}

bool commit_mark_same(const struct commit_mark *one, const struct commit_mark *other)
{
    return memcmp(one->header, other->header, COMMIT_MARK_OCTETS) == 0;
}
