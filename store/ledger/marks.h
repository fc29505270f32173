/* marks.h: the ends of what comes into a store. Internal to store/. */
#pragma once

#include "store/sqlite/connection.h"

/* Of one side: events by their ids, or changes by their sequence numbers. */
struct marks_side {
    gint64 last;    /* the greatest number that there was, whatever became of the row */
    gint64 dropped; /* the greatest number of a row that went since it was old */
};

struct marks {
    struct marks_side events, changes;
    gint64 timeline; /* see position.h */
};

bool marks_read(struct connection *connection, struct marks *marks, GError **error);
/* The same as they are now, whatever snapshot the connection holds. */
bool marks_read_now(struct connection *connection, struct marks *marks, GError **error);
