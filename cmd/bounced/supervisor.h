/* supervisor.h: tells systemd by sd_notify(3): READY, RELOADING, STOPPING, a line of STATUS, and, if the unit has a
 * watchdog, that the daemon is well: its loop turns and its store makes progress. Without systemd it tells nothing. */
#pragma once

#include <glib.h>

#include "cmd/bounced/log/counters.h"
#include "cmd/bounced/peers/receiver.h"

struct supervisor;

/* All are borrowed. Nothing is said yet. */
struct supervisor *supervisor_new(struct event_base *base, const struct counters *counters,
                                  const struct receiver *receiver);
void supervisor_free(struct supervisor *supervisor);

void supervisor_ready(struct supervisor *supervisor);
void supervisor_reloading(struct supervisor *supervisor);
void supervisor_reloaded(struct supervisor *supervisor);
void supervisor_stopping(struct supervisor *supervisor);

typedef struct supervisor Supervisor;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Supervisor, supervisor_free)
