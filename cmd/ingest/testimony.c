#include "cmd/ingest/testimony.h"

struct testimony *testimony_new(const char *who)
{
    struct testimony *testimony = g_new0(struct testimony, 1);

    testimony->who = g_strdup(who);
    return testimony;
}

void testimony_free(struct testimony *testimony)
{
    if (testimony == NULL)
        return;
    observation_clear(&testimony->observation);
    g_free(testimony->who);
    g_free(testimony->key);
    g_free(testimony);
}
