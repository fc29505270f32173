/* counters.h: counts since the daemon's start, plain numbers that are added to wherever a thing happens; and gauges of
 * the present. metrics.h shows both. */
#pragma once

#include <glib.h>

#include "cmd/config/limit.h"
#include "cmd/ingest/ingest.h"

enum counter_result { COUNTER_RESULT_GOOD, COUNTER_RESULT_BAD, COUNTER_RESULTS };

/* Ends of claims (store/claims.h); one that is deferred is tried again. */
enum counter_claim { COUNTER_CLAIM_PROVEN, COUNTER_CLAIM_UNPROVEN, COUNTER_CLAIM_DEFERRED, COUNTER_CLAIMS };

/* The answers that mail servers got; as enum codec_answer of lookup/codec.h. */
enum { COUNTER_LOOKUPS = 4 };

/* The first digit of a reply, 2 to 5, is its index. */
enum { COUNTER_REPLIES = 6 };

struct counters {
    guint64 connections;          /* that were accepted from the kernel */
    guint64 refused[LIMIT_COUNT]; /* connections, by the limit */
    guint64 limits[LIMIT_COUNT];  /* how often each was hit, those of connections too */
    guint64 early_talkers;        /* peers that did not wait for the greeting, or for a reply */
    guint64 proxy_headers[COUNTER_RESULTS];
    guint64 xclients;                            /* XCLIENT commands that were followed */
    guint64 handshakes[COUNTER_RESULTS];         /* of TLS */
    guint64 replies[COUNTER_REPLIES];            /* of SMTP and LMTP */
    guint64 messages[INGEST_OUTCOME_FAILED + 1]; /* by their outcome; INGEST_OUTCOME_PENDING stays 0 */
    guint64 kinds[REPORT_KIND_UNSUBSCRIBE + 1];  /* events of new messages, by kind */
    guint64 forwards[FORWARD_OUTCOMES];          /* messages for a person; FORWARD_NOBODY stays 0 */
    guint64 claims[COUNTER_CLAIMS];              /* attempts to verify a signature */
    guint64 future;                              /* of these, such as were to happen later by their own time */
    guint64 lookups[COUNTER_LOOKUPS];            /* of mail servers, by the answer */
    guint64 octets;                              /* of the messages that were stored */
    guint64 accept_failures;                     /* no descriptor was left */
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
    guint64 store_short;   /* 1: it is nearly full, or quite */
    guint64 waves;         /* receivers that are not believed */
    guint64 forward_fails; /* 1: the last message for a person did not get through */
};
