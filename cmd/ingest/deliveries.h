/* deliveries.h: addresses that mail went through to, on their way to store_deliver(), many at a time: of each the last
 * time, by the stream of the mail. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/store.h"

enum { DELIVERIES_MANY = 1000 }; /* that are to be stored before there are more */

struct deliveries;

struct deliveries *deliveries_new(void);
void deliveries_free(struct deliveries *deliveries);

/* `address` as address_read() gives it; `stream` may be NULL. */
void deliveries_add(struct deliveries *deliveries, const char *stream, const char *address, gint64 at);
guint deliveries_count(const struct deliveries *deliveries);

/* Stores all of them by the order's `who`, `door` and `now`, and has none then. Failures from before they
 * went through must be stored. `*recorded`: how many cleared something, or had an entry. */
bool deliveries_store(struct deliveries *deliveries, struct store *store, const struct store_order *order,
                      guint64 *recorded, GError **error);

typedef struct deliveries Deliveries;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Deliveries, deliveries_free)
