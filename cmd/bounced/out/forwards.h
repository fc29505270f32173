/* forwards.h: sends the forwards, messages that go on to a person, from the store's outbox to the smart host: one at a
 * time, on a thread of its own. One that does not get through is tried again, first after host->retry seconds, then
 * after twice as long each time, and is given up after host->give_up. While the host cannot be reached nothing else is
 * tried for host->retry seconds.
 *
 * A forward is marked once the smart host has taken it: if the daemon dies in between, it goes on twice, never not at
 * all. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bounced/log/journal.h"
#include "cmd/config/config.h"
#include "cmd/ingest/ingest.h"

struct forwards;

/* Events of the log: how an attempt ended, by enum outgoing_state. */
extern const struct journal_event forwards_events[];

/* `journal` and `ingest`, whose store has the outbox, are borrowed; of `config` nothing is kept. */
struct forwards *forwards_new(const struct config *config, const struct journal *journal, struct ingest *ingest);
/* Ends within a few seconds; forwards that are not sent wait in the outbox. */
void forwards_free(struct forwards *forwards);

/* The next attempts are made by another config. */
void forwards_reload(struct forwards *forwards, const struct config *config);
/* A message was stored: if it goes on, it does so now. Logs, once an hour at most, that there are too many. */
void forwards_note(struct forwards *forwards, const struct ingest_message *message);
/* Did the last attempt come to nothing? */
bool forwards_fails(const struct forwards *forwards);

typedef struct forwards Forwards;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Forwards, forwards_free)
