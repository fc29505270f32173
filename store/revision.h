/* revision.h: judging stored events again, and what the suppression list is by the new verdicts.
 *
 * A revision first reads events, and its caller, which knows the rules, says which of them are something else now. Then
 * it goes through the addresses of these: each gets the entry that it would have, had its events been judged so from
 * the start. Events that did not change count as they did then, by the policy of then; the present policies judge the
 * others. An entry that the old verdicts made goes unless other events still carry it; one that the new ones make
 * appears. Operators' entries stay, and what they took off comes back for nothing that was reported before.
 *
 * An event keeps when and by whom it was judged again, and what it was taken for. The log has the changes of the list,
 * with who and a note, "reclassify: RULE". Counters follow. */
#pragma once

#include "store/relisting.h"
#include "store/store.h"

struct revision;

/* Of the events of `filter`. */
struct revision *revision_new(struct store *store, const struct store_filter *filter, GError **error);
void revision_free(struct revision *revision);

/* Is there a batch of that name, of which messages are still kept? */
bool revision_has_batch(struct store *store, const char *batch, bool *found, GError **error);

/* The next event; false at the end, or with an error. */
bool revision_next(struct revision *revision, struct stored_event *row, GError **error);
/* Says what the event is that revision_next() gave last, when it is something else now. The verdict's strings are
 * borrowed until revision_free(). */
void revision_judge(struct revision *revision, const struct verdict *verdict);
/* Has the preview take the event that revision_next() gave last as proven. */
void revision_prove(struct revision *revision);
/* Has it believe the event that revision_next() gave last no more: it says nothing of anybody, as if it had come
 * unproven where that counts. The order has a batch, by which the event is known as rolled back. */
void revision_doubt(struct revision *revision);
/* How many events are something else, and are not gone through yet. */
guint revision_left(const struct revision *revision);

/* Goes through the next addresses, with `limit` events at least when there are as many; until revision_left() is 0.
 * Preview changes nothing and needs no more than STORE_MODE_READ; apply does it, in one transaction, which a failure
 * rolls back. */
bool revision_preview(struct revision *revision, gint64 now, guint limit, GError **error);
bool revision_apply(struct revision *revision, const struct revision_order *order, guint limit, GError **error);

/* Of all addresses that were gone through; lives as long as the revision, until the next call that goes on. */
const struct revision_listing *revision_listings(const struct revision *revision, guint *n);
/* Drops those that there are, for one who has looked at them: there may be many. */
void revision_forget_listings(struct revision *revision);

/* Goes on by another store of the same database, as one who reads by a store of his own and writes by the daemon's:
 * once all events were read. */
void revision_move(struct revision *revision, struct store *store);

typedef struct revision Revision;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Revision, revision_free)
