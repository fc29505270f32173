/* origins.h: how many connections come from each address, so that one of them cannot take all. An IPv6 network of 64
 * bits counts as one address, since it is what one customer gets; UNIX sockets are not counted. */
#pragma once

#include <glib.h>
#include <sys/socket.h>

struct origins;

struct origins *origins_new(void);
void origins_free(struct origins *origins);

/* "192.0.2.1", "2001:db8::/64"; NULL for what is not counted. The caller frees. */
char *origins_name(const struct sockaddr *address);

/* The connections from `name`; 0 for NULL, which the others take too. */
unsigned origins_count(const struct origins *origins, const char *name);
void origins_enter(struct origins *origins, const char *name);
void origins_leave(struct origins *origins, const char *name);
