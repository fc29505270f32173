/* view.h: what one who asks may be told. A tenant is told of its own: of the entries that apply to it, but not what
 * others wrote of them; of the reports about its mail, and the changes and failures in its scopes. */
#pragma once

#include "reports/story/question.h"
#include "store/outlook.h"

/* Is it a scope of the tenant of the question, or may all be told? */
bool view_owns(const struct question *question, const char *scope);

/* Does an entry of the scope apply to its mail? */
bool view_applies(const struct question *question, const char *scope);

/* The next one of a cursor that may be told. */
bool view_next_entry(const struct question *question, struct store_cursor *cursor, struct suppression *row,
                     GError **error);
bool view_next_event(const struct question *question, struct store_cursor *cursor, struct stored_event *row,
                     GError **error);
bool view_next_change(const struct question *question, struct store_cursor *cursor, struct change *row, GError **error);

/* May the event be told of? */
bool view_shows(const struct question *question, const struct stored_event *row);
/* An entry that applies to the tenant, and is not its own, without what others wrote of it. */
void view_hide(const struct question *question, struct suppression *row);

/* The newest events of the address, or all. */
struct store_cursor *view_events(const struct question *question, GError **error);
/* How many there are; of a tenant -1: only those that are told can be counted. */
bool view_count(const struct question *question, gint64 *n, GError **error);
/* store_outlooks(), of struct outlook *. */
GPtrArray *view_outlooks(const struct question *question, GError **error);
