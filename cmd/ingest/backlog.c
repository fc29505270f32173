#include "cmd/ingest/backlog.h"

#include <glib.h>

struct backlog {
    GMutex lock;
    GCond dropped;
    size_t octets;
    size_t limit;
};

struct backlog *backlog_new(size_t limit)
{
    struct backlog *backlog = g_new0(struct backlog, 1);

    g_mutex_init(&backlog->lock);
    g_cond_init(&backlog->dropped);
    backlog->limit = limit;
    return backlog;
}

void backlog_free(struct backlog *backlog)
{
    g_cond_clear(&backlog->dropped);
    g_mutex_clear(&backlog->lock);
    g_free(backlog);
}

void backlog_set_limit(struct backlog *backlog, size_t limit)
{
    g_mutex_lock(&backlog->lock);
    backlog->limit = limit;
    g_mutex_unlock(&backlog->lock);
}

void backlog_wait(struct backlog *backlog)
{
    g_mutex_lock(&backlog->lock);
    while (backlog->octets >= backlog->limit)
        g_cond_wait(&backlog->dropped, &backlog->lock);
    g_mutex_unlock(&backlog->lock);
}

void backlog_add(struct backlog *backlog, size_t octets)
{
    g_mutex_lock(&backlog->lock);
    backlog->octets += octets;
    g_mutex_unlock(&backlog->lock);
}

void backlog_drop(struct backlog *backlog, size_t octets)
{
    g_mutex_lock(&backlog->lock);
    backlog->octets -= octets;
    g_cond_broadcast(&backlog->dropped);
    g_mutex_unlock(&backlog->lock);
}

size_t backlog_octets(struct backlog *backlog)
{
    g_mutex_lock(&backlog->lock);
    size_t octets = backlog->octets;
    g_mutex_unlock(&backlog->lock);
    return octets;
}
