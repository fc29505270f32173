/* receiver.h: the door of this room: takes the connections of mail clients, and gives the store their messages. */
#pragma once

#include <event2/event.h>
#include <glib.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "cmd/bounced/log/counters.h"
#include "cmd/bounced/log/journal.h"
#include "cmd/config/listen.h"

struct forwards;
struct ingest;
struct posting;
struct receiver;
struct setup;
struct verifier;

/* Plain data: the parts that a receiver works with. All are borrowed. */
struct receiver_parts {
    struct event_base *base;
    const struct setup *setup;
    const struct journal *journal;
    struct counters *counters;
    struct ingest *ingest;
    struct forwards *forwards;
    struct verifier *verifier;
};

struct receiver *receiver_new(const struct receiver_parts *parts);
/* Closes all. */
void receiver_free(struct receiver *receiver);

/* Takes the non-blocking socket `fd`, which a mail client at `address` has connected to `listener`. */
void receiver_take(struct receiver *receiver, const struct listen_config *listener, int fd,
                   const struct sockaddr *address);

/* Takes the messages of a posting (posting.h), and gives it back when all are stored, or are not. False, and it stays
 * the caller's, if there is no room now, or the config is being replaced, or the daemon stops. */
bool receiver_post(struct receiver *receiver, struct posting *posting);

/* Gives the store nothing more, and activates `drained` when it has nothing more: the config may be replaced then. */
void receiver_drain(struct receiver *receiver, struct event *drained);
/* The config is another: sessions work by it from their next command on. */
void receiver_renew(struct receiver *receiver);
/* Undoes receiver_drain(). */
void receiver_go_on(struct receiver *receiver);

/* From now on no message begins, and those that have begun may end; all other peers are closed. */
void receiver_stop(struct receiver *receiver);
/* Closes the peers that are left with a 421, and gives postings up. */
void receiver_abandon(struct receiver *receiver);
/* The number of clients that were greeted and are connected, and of postings. */
guint receiver_open(const struct receiver *receiver);

void receiver_read_gauges(const struct receiver *receiver, struct gauges *gauges);
/* False if messages are with the store and none came back for `limit` microseconds. */
bool receiver_makes_progress(const struct receiver *receiver, gint64 limit);

typedef struct receiver Receiver;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Receiver, receiver_free)
