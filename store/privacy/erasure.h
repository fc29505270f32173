/* erasure.h: all that is kept about an address: finding it, and erasing it. Internal to store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/traces.h"

/* Of an address as the store writes it. */
struct erasure;
struct erasure *erasure_new(struct store *store, const char *address);
void erasure_free(struct erasure *erasure);

/* The slow part, before the transaction: searches all texts and messages. */
bool erasure_search(struct erasure *erasure, GError **error);
/* In the transaction that is open: searches what came since, and erases all of it; `traces` tells what it was. */
bool erasure_run(struct erasure *erasure, struct privacy_traces *traces, GError **error);

/* All that would be searched, and the digests of the messages that were found: of char *, each once. Nothing is
 * erased, and no transaction is needed. */
bool erasure_list(struct erasure *erasure, GPtrArray *digests, GError **error);

/* The same; the texts that name it: of struct privacy_mention *, each once. */
bool erasure_mentions(struct erasure *erasure, GPtrArray *mentions, GError **error);

/* Does a text that is to be kept name the address? */
bool erasure_is_named(const struct erasure *erasure, const char *text);

typedef struct erasure Erasure;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Erasure, erasure_free)
