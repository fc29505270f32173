/* row.h: reads a row of a query as what it is a row of. Strings live until the query's next step. Internal to store/.
 */
#pragma once

#include "store/outgoing.h"
#include "store/sqlite/connection.h"
#include "store/stored.h"

void row_suppression(const struct query *query, struct suppression *row);
/* The part of an entry that its cause tells. */
void row_cause(const struct query *query, struct suppression *row);
/* Gives the id of the event. */
gint64 row_event(const struct query *query, struct stored_event *row);
/* The same of CURSOR_EVENT_PAGE, and whether the filter means it. */
gint64 row_event_of_page(const struct query *query, struct stored_event *row, bool *meant);
void row_change(const struct query *query, struct change *row);
void row_counter(const struct query *query, struct counter *row);
void row_outgoing(const struct query *query, struct outgoing *row);

/* Copies the strings of a row, which then live as long as `strings`. */
const char *row_keep(GStringChunk *strings, const char *text); /* NULL stays NULL */
void row_keep_suppression(GStringChunk *strings, struct suppression *row);
void row_keep_outgoing(GStringChunk *strings, struct outgoing *row);
