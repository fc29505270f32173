/* inquiry.h: one claim whose keys are asked for: which keys, and which signatures are good once they are there. It asks
 * nobody itself. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/proof/signature.h"
#include "store/claim.h"

struct inquiry;

/* Takes the claim. `bytes` is its message; NULL when it cannot be had: no key is needed. */
struct inquiry *inquiry_new(const struct signatures *signatures, struct claim *claim, GBytes *bytes);
void inquiry_free(struct inquiry *inquiry);

const struct claim *inquiry_claim(const struct inquiry *inquiry);

/* The names of the keys, SELECTOR._domainkey.DOMAIN; none when nothing can be proven. */
guint inquiry_n_keys(const struct inquiry *inquiry);
const char *inquiry_key_name(const struct inquiry *inquiry, guint index);
/* `key` is the TXT record. */
void inquiry_set_key(struct inquiry *inquiry, guint index, const char *key);

/* The good signatures, of struct claim_proof, whose strings live as long as the inquiry. */
GArray *inquiry_verify(struct inquiry *inquiry, const struct signatures *signatures, GBytes *bytes);
