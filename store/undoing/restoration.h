/* restoration.h: what the undoing of a batch does to one entry of the list. Internal to store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/relisting.h"

struct restoration {
    struct store *store;
    const char *batch; /* that is undone, and its number; 0: it has no images */
    gint64 number;
    const char *undone_by;              /* NULL: none so far */
    const struct revision_order *order; /* NULL in a preview, which writes nothing */
    gint64 now;
};

/* The entry of the change `sequence`, which the batch made. `*listed`: `listing` says what becomes of it, with its
 * strings in `strings`. Not so for the second change of an entry, where nothing is to be done, or was done before. */
bool restoration_run(const struct restoration *restoration, gint64 sequence, struct reversal_listing *listing,
                     GStringChunk *strings, bool *listed, GError **error);
