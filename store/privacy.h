/* privacy.h: what a store does for people's privacy: it has the secret for keyed hashes in place of their addresses. */
#pragma once

#include "store/store.h"

enum { PRIVACY_KEY_SIZE = 32 }; /* octets */

/* The key for hashes that name addresses in a log, of the store's secret. That is made when there is none, but not by a
 * store that only reads. No transaction may be open. */
bool store_name_key(struct store *store, guint8 key[PRIVACY_KEY_SIZE], GError **error);
