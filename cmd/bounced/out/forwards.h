/* forwarder.h: sends what waits in the outbox to the smart host, one message at a time, on a thread of its own. What
 * does not get through is tried again, at first after host->retry seconds, then after twice as long each time, and
 * given up after host->give_up. While the host cannot be reached nothing else is tried for host->retry seconds.
 *
 * A message is marked when the smart host has taken it: when the daemon dies in between it goes on twice, never not at
 * all. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bounced/log/journal.h"
#include "cmd/config/config.h"
#include "cmd/ingest/ingest.h"

struct forwarder;

/* `journal` and `ingest`, whose store has the outbox, are borrowed; of `config` nothing is kept. */
struct forwarder *forwarder_new(const struct config *config, const struct journal *journal, struct ingest *ingest);
/* Ends within a few seconds; what is not sent waits in the outbox. */
void forwarder_free(struct forwarder *forwarder);

/* The next attempts are made by another config. */
void forwarder_reload(struct forwarder *forwarder, const struct config *config);
/* A message was stored: when it goes on, it does so now. Says, once an hour at most, that there are too many. */
void forwarder_note(struct forwarder *forwarder, const struct ingest_message *message);
/* Did the last attempt come to nothing? */
bool forwarder_fails(const struct forwarder *forwarder);

typedef struct forwarder Forwarder;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Forwarder, forwarder_free)
