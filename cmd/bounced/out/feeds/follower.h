/* follower.h: one feed at work: it reads what comes into the store behind its position, gives what its filter wants to
 * its outlet, and tries again what failed. Its state is for the owner to save, which moves the position behind what was
 * delivered: what was delivered and not saved when the daemon dies is delivered again. */
#pragma once

#include "cmd/bounced/out/feeds/outlet.h"
#include "store/feed.h"
#include "store/store.h"

struct follower;

extern const struct journal_event follower_events[];

/* Takes `state`; `config` is counted. `shared` is borrowed for good. */
struct follower *follower_new(const struct outlet_shared *shared, struct feed_config *config, struct feed_state *state);
void follower_free(struct follower *follower);

/* Does what is to be done now: `store` is for reading. Call it often; it takes no longer than the reading of a batch of
 * the tail. Sets an error when the store fails. */
bool follower_tend(struct follower *follower, struct store *store, gint64 now, GError **error);
/* Forgets what it has of the store, which is another one from now on. */
void follower_leave_store(struct follower *follower);
/* The row as it is in the store: what an operator ordered is taken over. */
void follower_renew(struct follower *follower, struct feed_state *state);

/* Was its state changed since follower_saved()? */
bool follower_changed(const struct follower *follower);
void follower_saved(struct follower *follower);
struct feed_state *follower_state(struct follower *follower);
