/* privacy.h: what a store does for people's privacy: it forgets an address, and has the secret for keyed hashes in
 * place of addresses. */
#pragma once

#include "store/store.h"
#include "store/traces.h"

enum { NAME_KEY_SIZE = 32 }; /* octets */

/* The key for hashes that name addresses in a log, of the store's secret. That is made when there is none, but not by a
 * store that only reads. No transaction may be open. */
bool store_name_key(struct store *store, guint8 key[NAME_KEY_SIZE], GError **error);

/* The digests (of char *, 64 hex digits) of the messages that report on an address or in which it stands, the oldest
 * first. */
bool store_messages_about(struct store *store, const char *address, GPtrArray *digests, GError **error);

/* The texts of other rows that name an address, of struct privacy_mention *: diagnostics of others' failures, notes, an
 * operator's name. Each once. */
bool store_mentions(struct store *store, const char *address, GPtrArray *mentions, GError **error);

enum privacy_extent {
    PRIVACY_PREVIEW, /* nothing changes; the count is that of now */
    PRIVACY_ERASE,
};

/* Erases all of it, but for one tombstone an entry that is in force: a keyed hash, by which the suppression goes on,
 * ends when the entry was to, and is lifted by store_unsuppress(). A report that comes later is stored as any other.
 * The log has a "forget" in its place. The order has no end; its note must not name the address (STORE_ERROR_ADDRESS).
 *
 * The octets are gone from the files after store_wipe(). The store is one that writes; no transaction may be open. */
bool store_forget(struct store *store, const struct store_order *order, enum privacy_extent extent,
                  struct privacy_traces *traces, GError **error);

/* Writes the database anew, without what was erased in it, and empties its write-ahead log. STORE_ERROR_BUSY while
 * another process reads by an old snapshot, as a backup does, or writes: it is to be called again. */
bool store_wipe(struct store *store, GError **error);
