/* posting.h: messages that a program hands in at once, by no session. They go the way of all mail, within the same
 * limits, but wait in no line: when there is no room the program is told so, and comes again. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bounced/peers/client.h"
#include "cmd/ingest/ingest_message.h"

struct intake;
struct intake_place;
struct peers;

/* Plain data. */
struct posting {
    struct client client;                   /* that they came from; its name, listener and token count */
    GPtrArray *messages;                    /* of struct ingest_message *; NULL in the place of one with the store */
    void (*ended)(struct posting *posting); /* called when all are back; the posting is the callee's again */
    void *owner;                            /* the callee's */

    struct intake_place *place; /* the room's own; so are these: */
    GHashTable *open;           /* those that are with the store */
    guint out;                  /* how many of its messages are */
};

/* Of `client`, an address; the strings are copied. */
struct posting *posting_new(const char *client, const char *listener, const char *token);
/* Frees those of its messages that are there. */
void posting_free(struct posting *posting);
void posting_add(struct posting *posting, struct ingest_message *message);

/* Gives all of them, one at least, to the store; false, and it stays the caller's, if that cannot be now. */
bool posting_begin(struct posting *posting, struct peers *peers);
/* One is back. */
void posting_take(struct posting *posting, struct intake *intake, struct ingest_message *message);
/* Ends it without those that are with the store: they are stored or not all the same. */
void posting_give_up(struct posting *posting, struct intake *intake);
