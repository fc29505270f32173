/* verifier.h: verifies the signatures that claims wait for (store/claims.h), after their messages were answered, on a
 * thread and an event loop of its own: it asks name servers for the keys, many at a time, and writes what a good
 * signature proves. A claim whose keys cannot be had now is left for its next attempt. */
#pragma once

#include <glib.h>

#include "cmd/bounced/log/counters.h"
#include "cmd/bounced/log/journal.h"
#include "cmd/config/config.h"
#include "cmd/ingest/ingest.h"

struct verifier;

/* Events of the log: how a claim ended, by enum counter_claim. */
extern const struct journal_event verifier_events[];

/* `journal` and `ingest`, whose store has the claims, are borrowed; of `config` nothing is kept. */
struct verifier *verifier_new(const struct config *config, const struct journal *journal, struct ingest *ingest);
/* Ends at once; what is not settled waits in the store. */
void verifier_free(struct verifier *verifier);

/* Name servers as the config has them. */
void verifier_reload(struct verifier *verifier, const struct config *config);
/* A message was stored: if a claim waits for its signatures, these are verified now. */
void verifier_note(struct verifier *verifier, const struct ingest_message *message);
void verifier_count(const struct verifier *verifier, struct counters *counters);

typedef struct verifier Verifier;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Verifier, verifier_free)
