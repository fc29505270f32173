/* reload.h: SIGHUP: config, rules and certificate are read again, and replace the old ones as soon as no message is at
 * work with those. What may take long, reading files, asking name servers and waiting for who uses the store, a thread
 * does: the loop goes on meanwhile. What is wrong changes nothing. */
#pragma once

#include "cmd/bounced/listen/acceptors.h"
#include "cmd/bounced/peers/receiver.h"
#include "cmd/bounced/setup/setup.h"
#include "cmd/bounced/supervisor.h"

struct reload;

/* All are borrowed; `setup` is the receiver's. */
struct reload *reload_new(struct setup *setup, struct receiver *receiver, struct acceptors *acceptors,
                          struct supervisor *supervisor);
/* Before the receiver, and after its loop. */
void reload_free(struct reload *reload);

/* One that comes while another is under way follows it. */
void reload_begin(struct reload *reload);
/* The daemon stops: there is to be none any more. */
void reload_stop(struct reload *reload);

typedef struct reload Reload;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reload, reload_free)
