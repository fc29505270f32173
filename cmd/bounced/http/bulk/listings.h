/* listings.h: the first rows of a long list, as JSON, and how many more there are. */
#pragma once

#include <glib.h>

struct listings {
    GString *text; /* objects, with commas between them */
    guint n;       /* of all */
};

/* Where the next row goes: NULL if it is left out. */
GString *listings_next(struct listings *listings);
/* Appends the members "entries" and "entries_left_out", with a comma before each. */
void listings_append(const struct listings *listings, GString *out);
