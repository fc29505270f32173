/* listener.h: the sockets that the config's [listen NAME] sections want: those that systemd passed under that name
 * (sd_listen_fds(3)), else bound here. TCP over IPv4 and IPv6, and UNIX sockets. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/config/config.h"

#define LISTENER_ERROR (listener_error_quark())
GQuark listener_error_quark(void);
enum listener_error {
    LISTENER_ERROR_BIND,     /* an address cannot be had */
    LISTENER_ERROR_RESOLVE,  /* a host name is not known */
    LISTENER_ERROR_INHERITED /* systemd passed a socket that no section names */
};

/* One listening socket, non-blocking. A section has several when its host name has. */
struct listener {
    char *name; /* of the section */
    char *address;
    int fd;
    bool inherited; /* from systemd */
    char *path;     /* of a UNIX socket bound here: taken away in the end; else NULL */
    unsigned references;
};

/* All sockets of `config` (of struct listener *), or NULL and an error for the first that cannot be had. Those of
 * `open` that are still wanted are among them; at the start `open` is NULL, and systemd's sockets are taken and its
 * variables unset. */
GPtrArray *listener_open_all(const struct config *config, const GPtrArray *open, GError **error);
/* The array's free function: closes it with the last reference. */
void listener_unref(void *listener);

/* Where it listens: "192.0.2.1:25", "[2001:db8::1]:25", "unix:/path". The caller frees. */
char *listener_address(const struct listener *listener);
