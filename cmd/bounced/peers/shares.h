/* shares.h: how much memory the messages of one address take that are not complete: an IPv6 network of 64 bits is one,
 * as in limits.h. A UNIX socket has no address, and each of its messages a share of its own. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "cmd/config/network.h"

/* Plain data, to be read alone. */
struct share {
    char *address; /* NULL: it has none */
    size_t held;   /* octets */
    guint users;
};

/* One more user of the share of `host`; share_leave() ends that. `shares` is what shares_new() made. */
struct share *share_join(GHashTable *shares, const struct network_host *host);
void share_leave(GHashTable *shares, struct share *share);

GHashTable *shares_new(void);
