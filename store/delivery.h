/* delivery.h: mail that went through, as others know it than reports: an operator, an application, a mail server's log.
 */
#pragma once

#include "store/store.h"

/* Plain data. */
struct store_delivery {
    const char *stream;  /* of the mail; NULL: none */
    gint64 at;           /* when it went through; 0: at the order's `now` */
    const gint64 *times; /* the same of each address, as many as there are; NULL: `at` is that of all */
    bool confined;       /* it is the word of a tenant (struct event): others' failures and entries are left alone */
};

/* For each of the batch's addresses: what a success report about such mail, that is proven, would do (POLICY_CLEARED).
 * An address with nothing to clear and no entry, or with a failure since the mail went through, leaves no trace: its
 * `changed` is false. Nor does one that was told before, by the same person and with the time. Of the order `who`,
 * `door` and `now` matter. One transaction; none may be open. */
bool store_deliver(struct store *store, const struct store_batch *batch, const struct store_delivery *delivery,
                   GError **error);
