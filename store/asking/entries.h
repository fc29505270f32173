/* entries.h: the entries of one subject, by the store's snapshot. Internal to store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/stored.h"

/* Before each question: what the last one was given is gone. */
void entries_begin(struct store *store);

/* Appends those (struct suppression) of `folded`, a subject as the database has it, that have not ended by `now`. Their
 * strings live until the next question. None of a subject that
 * `store->screen` clears: the database is not asked. */
bool entries_read(struct store *store, const char *folded, gint64 now, GArray *entries, GError **error);

/* The same of the address that the store was asked for, if it was forgotten. */
bool entries_read_forgotten(struct store *store, gint64 now, GArray *entries, GError **error);

/* There is another snapshot: what was remembered of the last one counts no more. */
void entries_start_over(struct store *store);
