/* acceptors.h: the open listeners in the event loop: what they accept is an arrival. */
#pragma once

#include <glib.h>

#include "cmd/bounced/peers/receiver.h"

struct acceptors;

/* Both are borrowed. */
struct acceptors *acceptors_new(struct event_base *base, struct receiver *receiver);
void acceptors_free(struct acceptors *acceptors);

/* Accepts from these (of struct listener *) and no others; an array of none stops it. Takes a reference. */
void acceptors_set(struct acceptors *acceptors, GPtrArray *listeners);
/* What was set. */
GPtrArray *acceptors_listeners(const struct acceptors *acceptors);

typedef struct acceptors Acceptors;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Acceptors, acceptors_free)
