/* figures.h: the figures of some days, added up from the store's counters: totals by kind, and bounces, complaints and
 * delays by sender domain, recipient domain and reason. Internal to reports/. */
#pragma once

#include <glib.h>

#include "store/store.h"

/* The key that a figure is counted by; FIGURES_KEYS of them. */
enum figures_key { FIGURES_KEY_SENDER, FIGURES_KEY_RECIPIENT, FIGURES_KEY_REASON, FIGURES_KEYS };

/* The counts. The first three are by key, all are totals. A complaint is feedback that says so; "not-spam" and
 * authentication reports are FIGURES_COUNT_NO_COMPLAINTS. */
enum figures_count {
    FIGURES_COUNT_BOUNCES,
    FIGURES_COUNT_COMPLAINTS,
    FIGURES_COUNT_DELAYS,
    FIGURES_COUNT_BY_KEY,
    FIGURES_COUNT_HARD = FIGURES_COUNT_BY_KEY,
    FIGURES_COUNT_SOFT,
    FIGURES_COUNT_NO_COMPLAINTS,
    FIGURES_COUNT_OPT_OUTS,
    FIGURES_COUNT_DELIVERED,
    FIGURES_COUNT_AUTO_REPLIES,
    FIGURES_COUNT_OTHER,
    FIGURES_COUNTS
};
extern const char *const figures_key_names[];
extern const char *const figures_count_names[];

/* One line of a table; a key that the table is not by is NULL, one that is not known is "". */
struct figure {
    const char *keys[FIGURES_KEYS];
    gint64 counts[FIGURES_COUNT_BY_KEY];
};

struct figures {
    gint64 totals[FIGURES_COUNTS];
    GArray *rows; /* of struct figure, by all keys, sorted by them */
    GStringChunk *strings;
};

/* Of the days from `since` until before `until`. */
struct figures *figures_read(struct store *store, gint64 since, gint64 until, GError **error);
void figures_free(struct figures *figures);

/* The rows added up by the keys in `keys` (a set of bits 1 << enum figures_key), the greatest first; the caller unrefs.
 * It borrows from `figures`. */
GArray *figures_by(const struct figures *figures, unsigned keys);

typedef struct figures Figures;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Figures, figures_free)
