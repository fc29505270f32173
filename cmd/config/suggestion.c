#include "cmd/config/suggestion.h"

#include <glib.h>
#include <string.h>

enum { WORD_MAX = 24 }; /* longer words are no slips of ours */

/* Edits (insert, delete, change, exchange two neighbours) between two words of fewer than 32 characters: the last three
 * rows of the matrix, of optimal string alignment. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][32];
    size_t width = strlen(b);

    for (size_t j = 0; j <= width; j++)
        rows[0][j] = j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        const size_t *before = rows[(i + 2) % 3], *above = rows[i % 3];
        size_t *row = rows[(i + 1) % 3];
        row[0] = i + 1;
        for (size_t j = 0; j < width; j++) {
            row[j + 1] = MIN(above[j] + (a[i] != b[j]), MIN(above[j + 1], row[j]) + 1);
            if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j])
                row[j + 1] = MIN(row[j + 1], before[j - 1] + 1);
        }
    }
    return rows[strlen(a) % 3][width];
}

/* How many edits are a slip in a word of this length. */
static size_t most_edits(const char *word)
{
    return MAX(1, strlen(word) / 3);
}

const char *suggestion_of(const char *const *names, const char *name)
{
    const char *nearest = NULL;
    size_t least = 1 + most_edits(name);

    if (strlen(name) > WORD_MAX)
        return NULL;
    for (size_t i = 0; names[i] != NULL; i++) {
        size_t edits = *names[i] != '\0' ? distance(name, names[i]) : least;
        if (edits < least) {
            least = edits;
            nearest = names[i];
        }
    }
    return nearest;
}
