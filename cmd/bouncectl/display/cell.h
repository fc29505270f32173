/* cell.h: a text in a column of a terminal: how wide it is there, and cut or filled up to a width. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The part that goes when a text is too wide. */
enum cell_cut {
    CELL_WHOLE,   /* nothing: it is never cut */
    CELL_END,     /* its end */
    CELL_START,   /* its beginning: of a path the last part tells most */
    CELL_ADDRESS, /* the end of the local part, and only then the beginning of the domain */
};

/* The columns that `text`, which is UTF-8, takes. */
unsigned cell_width(const char *text);

/* Cuts `text` to `width` columns with a mark where something went; as it is when it fits, and when it may not be cut.
 * The caller frees. */
char *cell_cut(const char *text, unsigned width, enum cell_cut cut);
