/* session_settings.h: the settings that a session works by, and its link to the peer. Plain data. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "cmd/config/limit.h"
#include "cmd/config/listen.h"
#include "cmd/config/network.h"

/* Borrowed for the session's life; the owner may change what it holds between two calls. */
struct session_settings {
    const char *hostname;
    const GPtrArray *return_paths; /* of struct return_path *: mail is accepted for these and for postmaster */
    size_t message_size;           /* octets */
    size_t recipients;             /* of one transaction */
    size_t errors;                 /* 5xx replies since the last message; one more is a 421 */
    size_t commands;               /* since the last message; likewise */
    guint64 *replies;              /* each reply adds 1 to that of its first digit, 2 to 5 */
    guint64 *limits;               /* each limit that is hit adds 1 to that of its enum limit */
};

/* The way that the peer came. */
struct session_link {
    enum listen_protocol protocol;
    enum listen_tls tls; /* LISTEN_TLS_NONE also when the owner has no certificate */
    struct network_host host;
    bool normalize; /* a lone LF ends a line */
    bool xclient;   /* it may name another client by XCLIENT */
};
