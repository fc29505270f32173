/* import.h: entries that come from elsewhere, many at once: another database of ours, a provider. An entry that is on
 * the list is never made shorter or weaker, and none comes back that a person took off after it was known there. */
#pragma once

#include <glib.h>

#include "store/stored.h"

struct store;
struct import;

/* All is borrowed. */
struct import_settings {
    const char *who;      /* brings them */
    enum store_door door; /* the way that they come by */
    const char *note;     /* NULL: none */
    const char *batch;    /* the name of the work; NULL: nothing is written, it is only told what would be */
    gint64 now;
    gint64 known; /* an entry that does not tell since when it holds was known then */
};

enum import_outcome {
    IMPORT_ADDED,
    IMPORT_CHANGED, /* it lasts longer now, or has a stronger reason */
    IMPORT_LISTED,  /* it was there, as long and for as good a reason */
    IMPORT_LONGER,  /* it was there, for longer or for a better reason, and stays so */
    IMPORT_REMOVED, /* a person took it off after it was known there */
    IMPORT_OUTCOMES
};

/* `store` is borrowed; NULL stands for an empty one, if nothing is to be written. */
struct import *import_new(struct store *store, const struct import_settings *settings);
void import_free(struct import *import);

/* Takes `n` entries, as one transaction. A since of 0 is now. Entries next to each other on the list are best given
 * together. A false has changed nothing, and is the end of it. */
bool import_take(struct import *import, const struct suppression *entries, guint n, enum import_outcome *outcomes,
                 GError **error);

typedef struct import Import;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Import, import_free)
