/* raw.h: the messages themselves, by their digests. Internal to store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/stored.h"

/* See store_digest() and store_message_raw(). */
char *raw_digest(struct store *store, const char *prefix, GError **error);
GBytes *raw_read(struct store *store, const char *digest, GError **error);

/* The bytes of a whole digest; STORE_ERROR_DIGEST if it is not one. */
bool raw_digest_bytes(const char *digest, guint8 bytes[STORE_DIGEST_SIZE], GError **error);

/* Takes those that came before a time out of the database, at most `limit`; but none that still goes on to a person. In
 * the transaction that is open. */
bool raw_drop(struct store *store, gint64 before, unsigned limit, GError **error);
