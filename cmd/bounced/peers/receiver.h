/* receiver.h: what all peers share: how many there are, and the one way to the store. When the store is behind by
 * config->queue_size messages the peers wait in line; nothing is dropped. */
#pragma once

#include <event2/event.h>
#include <glib.h>
#include <stdbool.h>

#include "cmd/bounced/log/counters.h"
#include "cmd/bounced/log/journal.h"
#include "cmd/bounced/out/forwarder.h"
#include "cmd/bounced/peers/limits.h"
#include "cmd/bounced/peers/record.h"
#include "cmd/bounced/setup/setup.h"
#include "cmd/bounced/smtp/session.h"
#include "cmd/ingest/ingest.h"

struct peer;
struct peer_facts;

struct receiver {
    struct event_base *base;
    const struct setup *setup;
    const struct journal *journal;
    struct ingest *ingest;
    struct forwarder *forwarder;
    struct session_settings settings; /* of all sessions */

    struct record *record;
    struct counters counters;
    struct limits *limits; /* of the peers and arrivals */

    GHashTable *arrivals; /* a set of struct arrival * */
    GHashTable *peers;    /* a set of struct peer * */
    GQueue waiting;       /* of struct peer *: each has a message that the store has no room for yet */
    GQueue paused;        /* of struct peer *: there is no memory for the message that each is sending */
    size_t held;          /* octets of memory that messages take, complete or not */
    struct event *collect;
    struct event *drained; /* activated when the store has no message of ours; not NULL: it gets none either */
    bool stopping;         /* no new transactions */
    bool store_fails;      /* the last message was not stored */
    gint64 alerted;        /* when that was last said aloud; monotonic microseconds */
    gint64 progress;       /* when the store last gave a message back, or had none; monotonic microseconds */
};

/* All are borrowed. */
struct receiver *receiver_new(struct event_base *base, const struct setup *setup, const struct journal *journal,
                              struct ingest *ingest, struct forwarder *forwarder);
/* Closes all. */
void receiver_free(struct receiver *receiver);

/* A limit was hit: counts it and logs it. */
void receiver_hit(struct receiver *receiver, enum limit limit, const struct network_host *host, const char *listener);

/* May it send one more message? */
bool receiver_may_send(struct receiver *receiver, const struct peer_facts *facts);
/* True when there is room for a message; else the peer, the data of `place`, is put in line, and
 * peer_resume() is called when it is its turn. */
bool receiver_admit(struct receiver *receiver, GList *place);
/* True when there is memory for more of a message; else the peer, the data of `place`, is put in line, and
 * peer_resume() is called when the store has given some back. When there is nothing to wait for, the largest message
 * that is not complete is given up instead, so that neither many peers nor slow ones stop the others. */
bool receiver_has_memory(struct receiver *receiver, GList *place);
/* Gives the message of `transaction`, which it takes, to the store; peer_answer() is called after the commit. */
void receiver_submit(struct receiver *receiver, struct transaction *transaction, struct peer *peer);

/* Gives the store nothing more, and activates `drained` when it has nothing more: the config may be replaced then. */
void receiver_drain(struct receiver *receiver, struct event *drained);
/* What was made from the config is made again; sessions see it from their next command on. */
void receiver_renew(struct receiver *receiver);
/* Undoes receiver_drain(). */
void receiver_go_on(struct receiver *receiver);

/* From now on messages that have begun end and none begins: other peers are closed. */
void receiver_stop(struct receiver *receiver);
/* Closes what is left, over or not, with a 421. */
void receiver_abandon(struct receiver *receiver);

void receiver_read_gauges(const struct receiver *receiver, struct gauges *gauges);
/* False when messages wait and none came back from the store for `limit` microseconds. */
bool receiver_makes_progress(const struct receiver *receiver, gint64 limit);

typedef struct receiver Receiver;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Receiver, receiver_free)
