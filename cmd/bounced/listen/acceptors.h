/* acceptors.h: the open listeners in the event loop: each gives its connections to the service of its protocol. */
#pragma once

#include <event2/event.h>
#include <glib.h>

#include "cmd/bounced/listen/service.h"
#include "cmd/bounced/log/counters.h"
#include "cmd/bounced/log/journal.h"
#include "cmd/config/config.h"

struct acceptors;

/* All are borrowed. `services` has a row for each protocol, in the order of enum listen_protocol. */
struct acceptors *acceptors_new(struct event_base *base, const struct service *services, const struct journal *journal,
                                struct counters *counters);
void acceptors_free(struct acceptors *acceptors);

/* Accepts from these (of struct listener *), the sections of `config`, and no others; an array of none stops it. Takes
 * a reference, and borrows the config. */
void acceptors_set(struct acceptors *acceptors, const struct config *config, GPtrArray *listeners);
/* Those that were set last. */
GPtrArray *acceptors_listeners(const struct acceptors *acceptors);

typedef struct acceptors Acceptors;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Acceptors, acceptors_free)
