/* client.h: the mail client at the other end, for the limits and for the log. A client trusted with XCLIENT is neither
 * limited nor delayed; the limits apply to the client it names. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bounced/peers/limits.h"
#include "cmd/config/config.h"

/* Plain data; the strings are owned, but for `tls`. One with a token is a posting's, for the log alone. */
struct client {
    struct network_host host;
    char *name;     /* of the host */
    char *listener; /* its name */
    enum listen_protocol protocol;
    const char *tls;   /* "TLSv1.3"; NULL in the clear */
    char *token;       /* the name of a program's; NULL: a mail client */
    unsigned messages; /* that it gave */
    bool trusted;      /* it may name another, and has named none: it has not entered the limits */
};

/* `host` has entered the limits, unless it is trusted. */
void client_init(struct client *client, const struct listen_config *listener, const struct network_host *host);
/* It has gone. */
void client_clear(struct client *client, struct limits *limits);

/* XCLIENT names `host`: from now on it is the client. LIMIT_NONE; or the limit that it passes, and nothing changes. */
enum limit client_rename(struct client *client, struct limits *limits, const struct config *config,
                         const struct network_host *host, gint64 now);
/* It wants to send a message: LIMIT_NONE, or the limit that is passed. */
enum limit client_send(const struct client *client, struct limits *limits, const struct config *config, gint64 now);
