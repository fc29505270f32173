/* blocklist.h: the DNS blocklists that refusals name, and the words by which they do. */
#pragma once

#include <stddef.h>

struct blocklist_row {
    const char *literal; /* in the normal form of diagnostic.h */
    const char *name;    /* the list's zone or, for lists that have none, its operator's domain */
};

/* `blocklist_rows[0]` to `[blocklist_count - 1]`; the first row that is found names the list. */
extern const struct blocklist_row blocklist_rows[];
extern const size_t blocklist_count;
