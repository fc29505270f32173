/* mautic.h: the do-not-contact API of Mautic: contacts are searched by their address, and each that has it is taken off
 * the list of those who may be sent mail, or put back. Pure.
 *
 * We change nothing that somebody else said there: one who may not be sent mail already is left alone, and nobody is
 * put back but whom we took off, as the comment tells. */
#pragma once

#include "cmd/bounced/out/feeds/outlet.h"

struct mautic_order {
    const char *address;
    bool lifts;
    int why; /* of Mautic: 1 unsubscribed, 2 bounced, 3 by hand */
    const char *reason;
};

/* By an item, which has the strings. False: it asks for nothing, or is of no address that can be searched for. */
bool mautic_order_of(const struct feed_item *item, struct mautic_order *order);

/* Of the request that searches: what follows the URL. The caller frees. */
char *mautic_search(const struct mautic_order *order);
/* By its answer, what follows the URL of each request that is to be posted: of char *. NULL if it is none. */
GPtrArray *mautic_paths(const struct mautic_order *order, const char *answer, size_t length);
/* Appends what each of them posts. */
void mautic_append(GString *out, const struct mautic_order *order);
