/* lookup.h: asks the list; within a transaction as that has left it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/stored.h"

struct store;

/* Is `recipient` suppressed at `now`? `found` (may be NULL) is filled when it is; its strings live until the next call.
 */
bool store_check(struct store *store, const char *recipient, gint64 now, struct suppression *found, bool *suppressed,
                 GError **error);

/* Says what holds at `now` for an address that `asker` is to mail. The answer lives until the next call. */
bool store_look_up(struct store *store, const char *address, const struct store_asker *asker, gint64 now,
                   struct store_answer *answer, GError **error);

/* The entries by which `subject` is suppressed yet at `now` although it was forgotten: those that apply to
 * `asker`, or, NULL, in every scope; none of a domain. They live until the next call. */
bool store_forgotten(struct store *store, const char *subject, const struct store_asker *asker, gint64 now,
                     struct store_answer *answer, GError **error);

/* Many store_check() or store_look_up() between these two see one snapshot, and cost less. It is not to be held for
 * long: the write-ahead log grows meanwhile. */
bool store_freeze(struct store *store, GError **error);
void store_thaw(struct store *store);

/* Of STORE_MODE_ASK: a snapshot is held until somebody has committed, or this is called, as it is to be
 * some milliseconds after a question. It makes ready, too, what answers most questions for subjects that are not on the
 * list from memory, two octets for each that is on it: reads `limit` rows at most; `*more` when there are others. All
 * that was committed before a question, by anybody, is part of the answer, whether or not this is called. */
bool store_tend(struct store *store, unsigned limit, bool *more, GError **error);
