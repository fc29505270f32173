#include "cmd/bouncectl/suggestion.h"

#include <glib.h>
#include <string.h>

enum { WORD_MAX = 24 }; /* longer words are no slips of ours */

/* Edits (insert, delete, change) between two words of fewer than 32 characters: one row of the Levenshtein matrix. */
static size_t distance(const char *a, const char *b)
{
    size_t row[32];
    size_t width = strlen(b);

    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < width; j++) {
            size_t change = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = MIN(change, MIN(row[j], diagonal) + 1);
        }
    }
    return row[width];
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
