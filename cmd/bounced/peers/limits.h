/* limits.h: limits on connections at one time, and on the rates of connections and messages, by address and by network,
 * over all listeners. An IPv6 network of 64 bits is one address here, since it is what one customer gets; a network is
 * 24 bits of IPv4 and 48 of IPv6, what one site gets. UNIX sockets have no limit. It knows no clock and no log. */
#pragma once

#include <glib.h>

#include "cmd/config/config.h"
#include "cmd/config/limit.h"
#include "cmd/config/network.h"

struct limits;

struct limits *limits_new(void);
void limits_free(struct limits *limits);

/* A connection from `host` at `now` (monotonic microseconds): LIMIT_NONE, and limits_leave() follows at its end; or
 * the limit that is passed, and it is not counted. */
enum limit limits_enter(struct limits *limits, const struct config *config, const struct network_host *host,
                        gint64 now);
void limits_leave(struct limits *limits, const struct network_host *host);

/* It wants to send a message: LIMIT_NONE, or the limit that is passed. */
enum limit limits_send(struct limits *limits, const struct config *config, const struct network_host *host, gint64 now);

/* The number of sources that are remembered. */
guint limits_size(const struct limits *limits);
