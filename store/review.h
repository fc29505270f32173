/* review.h: addresses that only ever fail in ways that suppress nobody (expired, undefined, the network's and the
 * remote host's faults), for a person to decide about. Mail went through to none of them in that time, and none has an
 * entry. Only reports count that may suppress, so that nobody is denounced by forged ones. */
#pragma once

#include "store/store.h"

struct review_row {
    const char *recipient;
    guint failures;
    gint64 first, last;  /* when they were received */
    const char *reasons; /* "expired 7, undefined 3", the most frequent first */
};

struct review;

/* Those with `least` failures. Of the filter domain, stream, reason, since and until are conditions, and limit. It
 * reads on the store's own connection, in one snapshot, as store_freeze() has it. */
struct review *review_new(struct store *store, const struct store_filter *filter, guint least, GError **error);
void review_free(struct review *review);

/* In the order of the addresses; the strings live until the next call. False at the end, or with an error. */
bool review_next(struct review *review, struct review_row *row, GError **error);

/* Is it a reason that is looked at? */
bool review_has_reason(enum reason reason);

typedef struct review Review;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Review, review_free)
