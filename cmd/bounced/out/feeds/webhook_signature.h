/* webhook_signature.h: the signatures of Standard Webhooks: by "whsec_" and a secret in base64 an HMAC ("v1,..."), by
 * "whsk_" and a key in base64 Ed25519 ("v1a,..."). */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Appends a signature of `id`, `timestamp` and `body` for each of `secrets` (of char *), blanks between. False if a
 * secret is none. */
bool webhook_sign(GString *out, const GPtrArray *secrets, const char *id, gint64 timestamp, const GString *body);
