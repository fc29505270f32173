#include "cmd/bouncectl/display/layout.h"

#include <glib.h>

/* The width that the columns that are in take at least, with the blanks between them. */
static unsigned need(const struct layout_column *columns, size_t n)
{
    unsigned sum = 0;

    for (size_t i = 0; i < n; i++) {
        if (columns[i].width > 0)
            sum += columns[i].width + (sum > 0 ? 1 : 0);
    }
    return sum;
}

/* Of equal ranks the last one; NULL when all that is left stays always. */
static struct layout_column *least_important(struct layout_column *columns, size_t n)
{
    struct layout_column *found = NULL;

    for (size_t i = 0; i < n; i++) {
        if (columns[i].width > 0 && columns[i].rank > 0 && (found == NULL || columns[i].rank >= found->rank))
            found = &columns[i];
    }
    return found;
}

/* The rest of the room goes to the columns of lower ranks first. */
static void widen(struct layout_column *columns, size_t n, unsigned left)
{
    unsigned highest = 0;

    for (size_t i = 0; i < n; i++)
        highest = MAX(highest, columns[i].rank);
    for (unsigned rank = 0; rank <= highest; rank++) {
        for (size_t i = 0; i < n; i++) {
            struct layout_column *column = &columns[i];
            unsigned more = column->rank == rank && column->width > 0 ? MIN(column->wanted - column->width, left) : 0;

            column->width += more;
            left -= more;
        }
    }
}

void layout_fit(struct layout_column *columns, size_t n, unsigned room)
{
    struct layout_column *loser;

    for (size_t i = 0; i < n; i++)
        columns[i].width = room == 0 ? columns[i].wanted : MIN(columns[i].wanted, columns[i].least);
    if (room == 0)
        return;
    while (need(columns, n) > room && (loser = least_important(columns, n)) != NULL)
        loser->width = 0;
    if (need(columns, n) < room)
        widen(columns, n, room - need(columns, n));
}
