/* reversal.h: undoing what a batch did: a rollback, or an operator's work on many entries. Each entry that it changed
 * becomes what it was before, row for row, unless something changed it since; each event that it doubted is believed
 * again, and counts as it did, but what came since is not judged anew. The failures that an
 * operator's removal forgave count again.
 *
 * It is done in many transactions, and one that was broken off can be done again for the rest, which then is of the
 * same batch. */
#pragma once

#include <glib.h>

#include "store/relisting.h"
#include "store/store.h"

enum undoable {
    UNDOABLE_YES,
    UNDOABLE_UNKNOWN, /* no such batch changed anything */
    UNDOABLE_UNDOES,  /* it undid another one: that is done anew by its own means */
};

struct reversal;

/* Is there anything of that name: a batch, a run of ingest, or an entry that came with it from elsewhere? */
bool reversal_named(struct store *store, const char *name, bool *named, GError **error);
/* Of the batch of that name. NULL with an error; else `undoable` says whether it can be undone. */
struct reversal *reversal_new(struct store *store, const char *batch, enum undoable *undoable, GError **error);
void reversal_free(struct reversal *reversal);

/* The batch that undid a part of it before; NULL: none. To go on, `order->batch` must be that one. */
const char *reversal_begun(const struct reversal *reversal);
/* How many events it doubts. */
gint64 reversal_events(const struct reversal *reversal);

/* Both go through about `limit` more; `*left` while there is more. Preview changes nothing, and needs STORE_MODE_READ;
 * apply is one transaction, which a failure rolls back. */
enum { UNDOING_AT_ONCE = 200 }; /* a good limit: the daemon waits some milliseconds for it */
bool reversal_preview(struct reversal *reversal, gint64 now, guint limit, bool *left, GError **error);
bool reversal_apply(struct reversal *reversal, const struct revision_order *order, guint limit, bool *left,
                    GError **error);

/* Of all that was gone through; lives as long as the reversal, until the next call that goes on. */
const struct reversal_listing *reversal_listings(const struct reversal *reversal, guint *n);
/* Drops those that there are, for one who has looked at them: there may be many. */
void reversal_forget_listings(struct reversal *reversal);

/* Goes on by another store of the same database (revision_move()). */
void reversal_move(struct reversal *reversal, struct store *store);

typedef struct reversal Reversal;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reversal, reversal_free)
