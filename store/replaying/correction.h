/* correction.h: what a revision does to one address: its events, their counters, and its entry on the list. Internal to
 * store/. */
#pragma once

#include "store/replaying/judgement.h"

/* Appends to `listings` (of struct revision_listing) how its entries change; may be NULL. Their scopes go into
 * `strings`. In the transaction that is open, but for a preview. */
bool correction_run(const struct correction *correction, GArray *listings, GStringChunk *strings, GError **error);
