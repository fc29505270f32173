/* layout.h: which columns of a table there is room for, and how wide each is. Numbers only: no texts, no terminal. */
#pragma once

#include <stddef.h>

struct layout_column {
    unsigned wanted; /* to show it whole; 0: it is empty, and left out */
    unsigned least;  /* the fewest characters that it may be cut to */
    unsigned rank;   /* where there is no room the highest goes first; 0 stays always */
    unsigned width;  /* what it gets; 0: it is left out */
};

/* Sets each `width`, so that the columns fit into `room` with a blank between two of them. Those with the highest rank
 * go first, and are the first to be cut, too. Columns that always stay may be wider than the room. A room of 0 has no
 * end. */
void layout_fit(struct layout_column *columns, size_t n, unsigned room);
