/* claims.h: the claims whose signatures are still to be verified. A claim is written in the transaction that stores its
 * message, for events that have `signers`, waits in the database for as long as it takes, half a day at most, and the
 * raw message is kept so long.
 *
 * A proof raises an event's evidence, and the policy acts as though the event had come with it. */
#pragma once

#include "store/claim.h"
#include "store/store.h"

/* Each of these is its own transaction, and none may be open.
 *
 * Takes those whose turn it is, `limit` at most, into `claims` (of struct claim *), and puts each off until its next
 * attempt, which is made unless this one settles it. `*next` is when the next one is due, 0 when none waits. */
bool store_claims_take(struct store *store, gint64 now, unsigned limit, GPtrArray *claims, gint64 *next,
                       GError **error);

/* Makes first attempts that a stop cut short due at once. A process that takes claims calls it at its start. */
bool store_claims_resume(struct store *store, gint64 now, GError **error);

/* Ends a claim: events for which one of the proofs counts are proven, `*proven` of them; the others stay as they are.
 */
bool store_claims_settle(struct store *store, const struct claim_outcome *outcome, unsigned *proven, GError **error);
