#include "cmd/bounced/out/feeds/backoff.h"

gint64 backoff_wait(gint64 first, unsigned attempts, gint64 asked, double chance)
{
    gint64 wait = MAX(first, 1);

    for (; attempts > 1 && wait < BACKOFF_MOST; attempts--)
        wait *= 2;
    wait = MIN(wait, BACKOFF_MOST);
    wait += (gint64)((double)wait * chance / 4);
    return MAX(wait, MIN(asked, BACKOFF_ASKED_MOST));
}
