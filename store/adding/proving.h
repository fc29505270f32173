/* proving.h: the rows of claims, and what becomes of the events that they prove. In the transaction that is open.
 * Internal to store/. */
#pragma once

#include "store/claim.h"
#include "store/ledger/state.h"
#include "store/stored.h"

/* Adds the proof of an event that was just stored, or the domains that would have to sign for one; nothing when it has
 * neither. */
bool proving_add(struct store *store, const struct event *event, gint64 event_id, gint64 message_id, GError **error);
/* The claim of a message with these events, when there is any and room for it. */
bool proving_claim(struct store *store, const struct event *events, size_t n, gint64 message_id, gint64 now,
                   GError **error);

/* See claims.h. */
bool proving_take(struct store *store, gint64 now, unsigned limit, GPtrArray *claims, gint64 *next, GError **error);
bool proving_resume(struct store *store, gint64 now, GError **error);
bool proving_settle(struct store *store, const struct claim_outcome *outcome, unsigned *proven, GError **error);
