/* feeds.h: the feeds of the config, on a thread of its own: each tells somebody what comes into the store, at least
 * once, and what is of one address in order. Their positions are saved together, four times a second at most, and at
 * the end. A feed that is slow, fails or is dead holds up neither the others nor what comes in. */
#pragma once

#include <glib.h>

#include "cmd/bounced/log/journal.h"
#include "cmd/config/config.h"
#include "cmd/ingest/ingest.h"

struct feeds;

/* The gauges, each with the label "feed"; the last row has no name. */
struct feeds_metric {
    const char *name, *help;
};
extern const struct feeds_metric feeds_metrics[];

/* `journal` and `ingest`, whose store has the feeds' rows, are borrowed; of `config` nothing is kept that goes.
 * `key` is of store_name_key(). */
struct feeds *feeds_new(const struct config *config, const struct journal *journal, struct ingest *ingest,
                        const guint8 *key);
/* A delivery that has not ended is made again by the next run. */
void feeds_free(struct feeds *feeds);
void feeds_reload(struct feeds *feeds, const struct config *config);

/* Appends how they fare, in the form of exposition.h. On any thread. */
void feeds_expose(struct feeds *feeds, GString *out);

typedef struct feeds Feeds;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Feeds, feeds_free)
