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
};

/* `*listed` when its entry changes: then `listing` says how. In the transaction that is open, but for a preview. */
bool correction_run(const struct correction *correction, struct revision_listing *listing, bool *listed,
                    GError **error);
