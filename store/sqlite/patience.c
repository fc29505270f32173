#include "store/sqlite/patience.h"

#include <sqlite3.h>

#define NAME "bounced-brief"

enum { NAP = 2000 }; /* microseconds */

static int nap(sqlite3_vfs *vfs G_GNUC_UNUSED, int microseconds)
{
    sqlite3_vfs *system = sqlite3_vfs_find("unix");

    return system->xSleep(system, MIN(microseconds, NAP));
}

const char *patience_vfs(void)
{
    static sqlite3_vfs brief;
    static gsize made;

    if (g_once_init_enter(&made)) {
        brief = *sqlite3_vfs_find("unix");
        brief.pNext = NULL;
        brief.zName = NAME;
        brief.xSleep = nap;
        g_once_init_leave(&made, sqlite3_vfs_register(&brief, 0) == SQLITE_OK ? 1 : 2);
    }
    return made == 1 ? NAME : NULL;
}

static int wait_on(void *data, int tries)
{
    struct patience *patience = data;
    gint64 now = g_get_monotonic_time();

    if (tries == 0)
        patience->until = now + patience->longest;
    if (now >= patience->until)
        return 0;
    g_usleep(NAP);
    return 1;
}

void patience_set(void *database, struct patience *patience, unsigned milliseconds)
{
    patience->longest = (gint64)milliseconds * 1000;
    sqlite3_busy_handler(database, wait_on, patience);
}
