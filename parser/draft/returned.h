/* returned.h: what the header of the returned message tells of whom it was sent to, and who forwarded it. */
#pragma once

#include "parser/draft/draft.h"

/* The address after "for" in a Received field (RFC 5321 section 4.4); NULL when there is none. */
const char *returned_for(struct draft *draft, struct span received);
/* The only address in its To, NULL when there are more, or a Cc: any of them may be meant then. */
const char *returned_only_to(struct draft *draft, const struct fields *returned);
/* Do its fields say that it was sent to `address`? */
bool returned_names(struct draft *draft, const struct fields *returned, const char *address);
/* The recipient it was sent to, as far as one field tells: X-headers, Received, To, in this order; `from` says which.
 * NULL when none tells. */
const char *returned_recipient(struct draft *draft, const struct fields *returned, enum report_from *from);

/* The original recipient of a mail that was forwarded, as two fields say, or one that names both: the address that we
 * sent to, when it failed at another. Plain data. */
struct returned_original {
    const char *address; /* NULL: the fields do not tell */
    enum report_from from;
    struct span targets; /* where it went on to must be named here; empty: anywhere else */
    bool unlike; /* to an address that has neither the local part nor the domain in common: MTAs rewrite these */
};

/* None of the sender's own domain: lists send from there to whom no field names. */
void returned_find_original(struct draft *draft, const struct fields *returned, struct returned_original *original);
