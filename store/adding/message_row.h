/* message_row.h: the row of a message that comes in, and its bytes. In the transaction that is open. Internal to
 * store/. */
#pragma once

#include "store/ledger/state.h"
#include "store/stored.h"

/* Binds the fields that are of `owner`, but for the message's source, which it has anyway. */
void message_row_bind(struct query *query, const struct event *event, enum event_owner owner);

/* Is there a message of the same key (store_message.key_size) that is not the same? */
bool message_row_namesake(struct store *store, const struct store_message *message, bool *another, GError **error);
/* `event`: one of the message's, all have the same of its fields. `*added`: false if there is one of its digest. */
bool message_row_add(struct store *store, const struct store_message *message, const struct event *event, bool *added,
                     GError **error);
bool message_row_add_raw(struct store *store, const struct store_message *message, gint64 id, GError **error);
