/* service.h: a service takes the connections of one protocol. The server has a table of these, a row a protocol; the
 * protocol's name and the keys of [listen] that it knows are in cmd/config/listen.h. Plain data. */
#pragma once

#include <sys/socket.h>

#include "cmd/config/listen.h"

struct service {
    enum listen_protocol protocol;
    void *data; /* the service itself: the functions' first argument */
    /* Takes the non-blocking socket `fd`, which a client at `address` has connected to `section`. NULL: the service
     * accepts connections by itself, by the next two. */
    void (*take)(void *data, const struct listen_config *section, int fd, const struct sockaddr *address);
    /* Accepts from the listening socket `fd` of `section` until `leave` gets what this returned; the socket stays the
     * caller's. */
    void *(*serve)(void *data, const struct listen_config *section, int fd);
    void (*leave)(void *data, void *served);
};
