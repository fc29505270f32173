/* view.h: what one who asks of an address may be told, by audience.h: of the entries that apply to a tenant, but not
 * what others wrote of them; of the reports about its mail, and the changes and failures in its scopes. */
#pragma once

#include "reports/story/question.h"
#include "store/outlook.h"

/* Does an entry of the scope apply to the mail of those who ask? */
bool view_applies(const struct question *question, const char *scope);

/* The next one of a cursor that may be told, without what others wrote of it. */
bool view_next_entry(const struct question *question, struct store_cursor *cursor, struct suppression *row,
                     GError **error);
bool view_next_event(const struct question *question, struct store_cursor *cursor, struct stored_event *row,
                     GError **error);
bool view_next_change(const struct question *question, struct store_cursor *cursor, struct change *row, GError **error);

/* The newest events of the address, or all. */
struct store_cursor *view_events(const struct question *question, GError **error);
/* How many there are; of a tenant -1: only those that are told can be counted. */
bool view_count(const struct question *question, gint64 *n, GError **error);
/* store_outlooks(), of struct outlook *. */
GPtrArray *view_outlooks(const struct question *question, GError **error);
