/* backlog.h: the memory of what the pool has read and the writer has not stored yet. A report of thousands of
 * recipients takes several times what its message does; so the pool waits while the writer is behind. On any thread.
 * Internal to cmd/ingest/. */
#pragma once

#include <stddef.h>

struct backlog;

struct backlog *backlog_new(size_t limit);
void backlog_free(struct backlog *backlog);
void backlog_set_limit(struct backlog *backlog, size_t limit);

/* Waits until less than the limit is taken: what comes then may go beyond it, one message for each thread. */
void backlog_wait(struct backlog *backlog);
void backlog_add(struct backlog *backlog, size_t octets);
void backlog_drop(struct backlog *backlog, size_t octets);
size_t backlog_octets(struct backlog *backlog);
