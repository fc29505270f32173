/* judgement.h: an event that is something else now, as it is stored: its verdict or its proof, or that it is doubted,
 * and the counters of its day. In the transaction that is open. Internal to store/. */
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

bool judgement_write(const struct correction *correction, const struct revised *revised, GError **error);
