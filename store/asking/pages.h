/* pages.h: the suppression list in pages. Internal to store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/position.h"
#include "store/stored.h"

/* See store_pages(), store_hold_pages() and store_next_page(). */
struct store_pages *pages_new(struct store *store, const struct store_filter *filter, gint64 now);
void pages_free(struct store_pages *pages);
bool pages_hold(struct store_pages *pages, struct store_position *position, GError **error);
const struct suppression *pages_next(struct store_pages *pages, guint size, guint *n, GError **error);
