/* retraction.h: a rollback: reports are selected, and believed no more; the list becomes what it would be, had they not
 * been believed (store/revision.h). Failures alone are selected, unless the filter names something else: a wave of
 * false bounces must not have persons mailed again who complained, nor failures count again that mail which went
 * through has cleared. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/revision.h"

struct retraction;

/* All is borrowed. */
struct retraction_settings {
    struct store_filter filter;
    bool whole; /* the filter is a run of ingest, and all that it read is taken */
    bool include_complaints;
};

/* NULL and an error if the store cannot be read. */
struct retraction *retraction_new(struct store *store, const struct retraction_settings *settings, GError **error);
void retraction_free(struct retraction *retraction);

/* Looks at up to `limit` events more. `*left` is false when all were looked at. */
bool retraction_select(struct retraction *retraction, guint limit, bool *left, GError **error);
/* How many of the selected ones are still to be gone through. */
guint retraction_left(const struct retraction *retraction);

/* Goes through some of them, once all were selected: RETRACTION_AT_ONCE, in one transaction. A preview, which changes
 * nothing, has no order. */
enum { RETRACTION_AT_ONCE = 200 }; /* the daemon waits some milliseconds for it */
bool retraction_take(struct retraction *retraction, const struct revision_order *order, gint64 now, GError **error);

/* The selected events, and what became of the list. */
struct retraction_sums {
    guint events, addresses;
    guint effects[REVISION_CHANGES + 1];
    guint stays;  /* addresses whose entries are the same, or that have none */
    guint spared; /* complaints and opt-outs that would have been selected */
};
void retraction_read_sums(const struct retraction *retraction, struct retraction_sums *sums);

/* Events of one reason, judged by one rule. */
struct retraction_sort {
    enum reason reason;
    char *rule; /* may be NULL */
    guint events;
};
/* Of struct retraction_sort *, those of most events first; lives as long as the retraction. */
const GPtrArray *retraction_sorts(struct retraction *retraction);

/* The revision that it is made by, for its listings, and to move it. */
struct revision *retraction_revision(struct retraction *retraction);

typedef struct retraction Retraction;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Retraction, retraction_free)
