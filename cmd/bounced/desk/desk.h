/* desk.h: the service of mail servers that ask whether an address is suppressed (lookup/codec.h), on a thread with an
 * event loop of its own: neither do reports wait for it, nor it for them. It reads the database by a connection of its
 * own. While that cannot be read it says so at once; no server hangs. */
#pragma once

#include "cmd/bounced/log/counters.h"
#include "cmd/bounced/log/journal.h"
#include "cmd/config/config.h"

/* The limit at one time, over all listeners: for another one the caller goes that has asked nothing for the longest
 * time, a second at least. */
enum { DESK_CALLERS = 1000 };

struct desk;

/* `journal` is borrowed. */
struct desk *desk_new(const struct config *config, const struct journal *journal);
/* Closes its connections. */
void desk_free(struct desk *desk);

/* Takes the non-blocking socket `fd` of a listener of one of these protocols. */
void desk_take(struct desk *desk, const struct listen_config *section, int fd);
void desk_reload(struct desk *desk, const struct config *config);
/* The answers since the start. */
void desk_count(const struct desk *desk, struct counters *counters);
