/* correction.h: what a revision does to one address: its events, their counters, and its entry on the list. Internal to
 * store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/relisting.h"

/* An event that is something else now. */
struct revised {
    gint64 id;
    const char *recipient; /* NULL when it is not known */
    const char *proof;     /* what proves it now, and nothing else is new; NULL: the verdict is, unless */
    bool doubted;          /* it says nothing of anybody any more */
    struct verdict verdict;
};

/* `order` is NULL in a preview, which writes nothing. */
struct correction {
    struct store *store;
    const struct revision_order *order;
    const struct revised *revised; /* all of one recipient, sorted by id */
    guint n;
    gint64 now;
    gint64 batch; /* the number of `order->batch`; 0: none */
};

/* Appends to `listings` (of struct revision_listing) how its entries change; may be NULL. Their scopes go into
 * `strings`. In the transaction that is open, but for a preview. */
bool correction_run(const struct correction *correction, GArray *listings, GStringChunk *strings, GError **error);
