/* intake.h: the one way to the store for all peers, and the memory that their messages take. When the store is behind
 * by config->queue_size messages, or when there is no memory, peers wait in line; nothing is dropped. */
#pragma once

#include <event2/event.h>
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "cmd/bounced/peers/client.h"
#include "cmd/bounced/peers/shares.h"
#include "cmd/bounced/setup/setup.h"
#include "cmd/bounced/smtp/session.h"
#include "cmd/ingest/ingest.h"

struct intake;
struct peer;
struct posting;

/* The place of a peer, or of a posting, in it. The members are the intake's own, but for the first two, of which one is
 * NULL. */
struct intake_place {
    struct peer *peer;
    struct posting *posting;
    GList link;              /* its data is the place */
    GQueue *line;            /* where the peer waits; NULL: it does not */
    struct session *session; /* of the peer */
    bool with_store;         /* a message of it is with the store */
    size_t given;            /* the memory that one takes */
    size_t held;             /* likewise, also of a message that is not complete */
    size_t unfinished;       /* likewise, of that alone */
    struct share *share;     /* of the client's address, while there is such a message; else NULL */
    size_t taken;            /* octets that came since... */
    gint64 since;            /* ... then, monotonic microseconds; 0: no data is being waited for */
};

/* Both are borrowed. */
struct intake *intake_new(const struct setup *setup, struct ingest *ingest);
void intake_free(struct intake *intake);

/* A peer comes, with its session; and goes. */
void intake_enter(struct intake *intake, struct intake_place *place, struct peer *peer, struct session *session);
void intake_exit(struct intake *intake, struct intake_place *place);
/* Does the peer wait in line, for room or for memory? It may leave the line. */
bool intake_waits(const struct intake_place *place);
void intake_leave(struct intake_place *place);

/* True when the store has room for a message; else the peer waits in line for that. */
bool intake_admit(struct intake *intake, struct intake_place *place);
/* Gives the session's message to the store; intake_done() is it after the commit. The client gave it. */
void intake_submit(struct intake *intake, struct intake_place *place, const struct client *client);
/* The next message that is stored, or is not, the caller's, with the place as its owner; NULL when there is none. */
struct ingest_message *intake_done(struct intake *intake);
/* The peer has its message back. */
void intake_conclude(struct intake *intake, struct intake_place *place);
/* The peer whose turn it is to give the store a message, and which waits no more; NULL when there is none. */
struct peer *intake_next(struct intake *intake);

/* A posting comes, with messages of so many octets in all: false if there is no room for it now; it waits in no line.
 * And goes. */
bool intake_enter_posting(struct intake *intake, struct intake_place *place, struct posting *posting, size_t octets);
void intake_exit_posting(struct intake *intake, struct intake_place *place);
/* Gives one of its messages to the store. */
void intake_post(struct intake *intake, struct intake_place *place, struct ingest_message *message);

/* The session has taken so many octets. False if its address has more than its share of the memory now, and one of its
 * messages that are not complete, the largest, was given up for it. */
bool intake_count(struct intake *intake, struct intake_place *place, size_t taken);
/* There must be room for a newcomer: messages that are not complete are given up until not more than `most` octets are
 * held, those of the address that holds most first, and of these the largest. False, and none is given up, if that is
 * not enough. */
bool intake_relieve(struct intake *intake, size_t most);
/* The peers whose data comes more slowly than min-data-rate, of struct peer *; to be asked every second, at `now`. */
GPtrArray *intake_find_slow(struct intake *intake, gint64 now);
/* True when there is memory for more of a message; else the peer waits in line for that. When there is none, and none
 * comes back from the store, the largest message that is not complete is given up, and gets 452 in the end: neither
 * many peers nor slow ones stop the others. */
bool intake_has_memory(struct intake *intake, struct intake_place *place);
/* The first peer for which there is memory now, and which waits no more; NULL when there is none. */
struct peer *intake_next_paused(struct intake *intake);

/* Gives the store nothing more, and activates `drained` when it has nothing more: the config may be replaced then. */
void intake_drain(struct intake *intake, struct event *drained);
/* Undoes that. */
void intake_go_on(struct intake *intake);

/* How many messages are with the store, how many peers wait for it and for memory, how much memory is taken, also by
 * the reports that wait for the store. */
guint intake_pending(const struct intake *intake);
guint intake_waiting(const struct intake *intake);
guint intake_paused(const struct intake *intake);
size_t intake_held(const struct intake *intake);
/* False when messages are with the store and none came back for `limit` microseconds. */
bool intake_makes_progress(const struct intake *intake, gint64 limit);
