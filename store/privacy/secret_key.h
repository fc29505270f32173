/* secret_key.h: the store's secret, and the keys that are made of it, one a use, so that a hash of one says nothing of
 * that of another. Internal to store/. */
#pragma once

#include "store/ledger/state.h"

enum { SECRET_SIZE = 32 }; /* octets */

enum secret_key {
    SECRET_KEY_NAMES,      /* of addresses in logs */
    SECRET_KEY_TOMBSTONES, /* of addresses that are forgotten */
};

/* `*found` is false if the store has no secret yet. */
bool secret_key_read(struct store *store, enum secret_key use, guint8 key[SECRET_SIZE], bool *found, GError **error);
/* In the transaction that is open; a secret that is there stays. */
bool secret_key_make(struct store *store, GError **error);
