#include "store/sqlite/failure.h"

#include <errno.h>
#include <string.h>

/* The meaning of SQLite's result codes to a caller; the others are STORE_ERROR_FAILED. */
static const struct {
    int code;
    enum store_error error;
} meanings[] = {
    {SQLITE_BUSY, STORE_ERROR_BUSY},       {SQLITE_LOCKED, STORE_ERROR_BUSY},
    {SQLITE_FULL, STORE_ERROR_FULL},       {SQLITE_READONLY, STORE_ERROR_READ_ONLY},
    {SQLITE_CORRUPT, STORE_ERROR_CORRUPT}, {SQLITE_NOTADB, STORE_ERROR_CORRUPT},
};

enum store_error failure_of_system(int system_error)
{
    if (system_error == ENOSPC || system_error == EDQUOT)
        return STORE_ERROR_FULL;
    if (system_error == EACCES || system_error == EPERM)
        return STORE_ERROR_DENIED;
    return system_error == EROFS ? STORE_ERROR_READ_ONLY : STORE_ERROR_FAILED;
}

static enum store_error meaning(int primary)
{
    for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++) {
        if (meanings[i].code == primary)
            return meanings[i].error;
    }
    return STORE_ERROR_FAILED;
}

bool failure_set(sqlite3 *database, const char *path, const char *doing, GError **error)
{
    int primary = sqlite3_extended_errcode(database) & 0xff;
    int system_error = sqlite3_system_errno(database);
    /* The shared-memory index and the journal say "I/O error" or "cannot open" where they mean a full disk. */
    bool by_system = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
    enum store_error code = by_system ? failure_of_system(system_error) : meaning(primary);

    g_set_error(error, STORE_ERROR, code, "%s: cannot %s: %s%s%s", path, doing, sqlite3_errmsg(database),
                by_system && system_error != 0 ? ": " : "",
                by_system && system_error != 0 ? g_strerror(system_error) : "");
    return false;
}
