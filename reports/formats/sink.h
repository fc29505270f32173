/* sink.h: a file that a library writes: by keys and values, or by whole entries. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include "store/stored.h"

/* One that is put there. */
struct sink_row {
    const GString *key;
    const char *value;
    const struct suppression *entry; /* NULL of a map: its rows are keys and values */
};

struct sink {
    /* On the empty file at `path`, which `stream` has open, for reading, too. NULL and an error if that fails. */
    void *(*open)(const char *path, FILE *stream, GError **error);
    /* Keys come in the order of their octets, but for a few. Of a key that comes again the first value stays. */
    bool (*put)(void *state, const struct sink_row *row, GError **error);
    /* Ends the file; what is in it need not be on disk. Frees the state, whatever it gives. */
    bool (*finish)(void *state, GError **error);
    /* Frees the state of a file that is not wanted any more. */
    void (*abandon)(void *state);
};
