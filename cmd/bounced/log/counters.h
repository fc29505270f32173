/* counters.h: what the receiver counts since its start, as plain numbers that whoever sees a thing happen adds to; what
 * it has at the moment; and the names of the limits. metrics.h tells all that to others. */
#pragma once

#include <glib.h>

#include "cmd/ingest/ingest.h"

/* What a peer may use up or overrun; the names are those of the keys in [server]. */
enum limit {
    LIMIT_CONNECTIONS,
    LIMIT_MEMORY,
    LIMIT_ADDRESS_CONNECTIONS,
    LIMIT_CONNECTION_RATE,
    LIMIT_NETWORK_CONNECTION_RATE,
    LIMIT_MESSAGE_RATE,
    LIMIT_NETWORK_MESSAGE_RATE,
    LIMIT_MESSAGE_SIZE,
    LIMIT_RECIPIENTS,
    LIMIT_ERRORS,
    LIMIT_COMMANDS,
    LIMIT_IDLE_TIMEOUT,
    LIMIT_SESSION_TIMEOUT,
    LIMIT_QUEUE,
    LIMIT_COUNT /* also: none */
};
extern const char *const limit_names[];

struct counters {
    guint64 connections;                        /* that were accepted from the kernel */
    guint64 refused[LIMIT_MESSAGE_RATE];        /* connections, by the limit */
    guint64 limits[LIMIT_COUNT];                /* how often each was hit, those of connections too */
    guint64 early_talkers;                      /* who talked before they were greeted or may go on */
    guint64 proxy_headers[2];                   /* good ones; bad ones */
    guint64 xclients;                           /* XCLIENT commands that were followed */
    guint64 handshakes[2];                      /* of TLS: good ones; failed ones */
    guint64 replies[6];                         /* by their first digit */
    guint64 messages[INGEST_FAILED + 1];        /* by their outcome; INGEST_PENDING stays 0 */
    guint64 kinds[REPORT_KIND_UNSUBSCRIBE + 1]; /* events of new messages, by kind */
    guint64 forwards[FORWARD_OUTCOMES];         /* messages for a person; FORWARD_NOBODY stays 0 */
    guint64 octets;                             /* of the messages that were stored */
    guint64 accept_failures;                    /* no descriptor was left */
};

struct gauges {
    guint64 sessions;
    guint64 waiting; /* of these, for the store */
    guint64 paused;  /* of these, for memory */
    guint64 memory;  /* octets that messages take */
    guint64 memory_limit;
    guint64 queue; /* messages with the store */
    guint64 queue_limit;
    guint64 store_fails;   /* 1: the last message was not stored */
    guint64 forward_fails; /* 1: the last message for a person did not get through */
};
