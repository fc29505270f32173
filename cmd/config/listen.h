/* listen.h: [listen NAME] of the config: one listener, and the protocols that it may speak. Plain data. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/config/network.h"

extern const char *const listen_protocol_names[];
enum listen_protocol {
    LISTEN_PROTOCOL_SMTP,
    LISTEN_PROTOCOL_LMTP,
    LISTEN_PROTOCOL_HTTP,
    LISTEN_PROTOCOL_SOCKETMAP, /* these four ask whether an address is suppressed */
    LISTEN_PROTOCOL_POLICY,
    LISTEN_PROTOCOL_TCP_TABLE,
    LISTEN_PROTOCOL_READSOCKET,
    LISTEN_PROTOCOLS
};

/* STARTTLS (RFC 3207). */
extern const char *const listen_tls_names[];
enum listen_tls {
    LISTEN_TLS_NONE,          /* is not offered */
    LISTEN_TLS_OPPORTUNISTIC, /* is offered when there is a certificate */
    LISTEN_TLS_REQUIRED,      /* no mail without it */
};

/* How an LF is taken that no CR stands before, which RFC 5321 section 2.3.8 forbids. */
extern const char *const listen_bare_newline_names[];
enum listen_bare_newline {
    LISTEN_BARE_NEWLINE_REFUSE,
    LISTEN_BARE_NEWLINE_NORMALIZE, /* it ends a line, but is never a part of the end of data */
    LISTEN_BARE_NEWLINE_DEFAULT,   /* nobody chose; see listen_normalizes() */
};

/* The services of a listener of HTTP. */
extern const char *const listen_serve_names[];
enum listen_serve {
    LISTEN_SERVE_METRICS,
    LISTEN_SERVE_API,
};

/* One [listen NAME]. */
struct listen_config {
    char *name;
    char *address; /* "host:port", "[v6]:port" or "unix:/path" */
    enum listen_protocol protocol;
    enum listen_tls tls;
    enum listen_bare_newline bare_newline;
    bool lenient;           /* a peer that talks before it is its turn is served */
    unsigned serve;         /* of HTTP: a set of bits, 1 << enum listen_serve */
    bool insecure;          /* of HTTP: tokens may come in the clear from other machines */
    bool fail_open;         /* who asks while the list cannot be read is told that the address is not on it */
    char *stream_from;      /* the attribute of policy requests, or the stream, that questions are about; NULL: none */
    GHashTable *streams;    /* of what the attribute says, in lower case, the stream; of "" that of all questions */
    struct networks *proxy; /* load balancers, which name the client by the PROXY protocol; NULL: none */
    struct networks *xclient; /* mail servers, which may name it by XCLIENT; likewise */
    GPtrArray *own_mta; /* of char *, the last NULL: the operator's MTAs, which hand their own DSNs in; NULL: none */
};

/* Is it an attribute of a policy request, for `stream_from`? */
bool listen_is_attribute(const char *stream_from);
/* Does its address keep it to this machine: a UNIX socket, loopback? */
bool listen_is_local(const struct listen_config *listener);
/* Is a bare LF a line end here? Where nobody chose, it is by LMTP, and where the operator's own MTA comes (`own_mta`):
 * on an address of this machine alone somebody may still speak for strangers. */
bool listen_normalizes(const struct listen_config *listener);
/* Is `key` of [listen] one for listeners of this protocol? */
bool listen_knows(enum listen_protocol protocol, const char *key);
