/* feed_event.h: an item of a store's tail (store/tail.h) as those are told of it who follow it: an object {"id",
 * "type", "timestamp", "data"}, of which the data is that of json.h. */
#pragma once

#include <glib.h>

#include "store/tail.h"

enum { FEED_EVENT_ID = 36 }; /* letters and digits, and "_" */

/* The id of an item, which stays the same however often it is told, and is no other item's. It says nothing of how many
 * there are. `key` is of store_name_key() (store/privacy.h). The caller frees. */
char *feed_event_id(const guint8 *key, const struct store_tail_item *item);

/* Appends the object, without a line end. */
void feed_event_append(GString *out, const guint8 *key, const struct store_tail_item *item);
