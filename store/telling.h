/* telling.h: whom a feed has told that somebody did not get his mail, so that nobody is told the same twice a day, nor
 * too much. It names nobody: authors and recipients are keyed hashes, and rows are kept for two days. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct store;

extern const char *const telling_outcome_names[];
enum telling_outcome {
    TELLING_DUE,      /* it was begun now, or before and was not ended */
    TELLING_ENDED,    /* it was ended before */
    TELLING_REPEATED, /* the author was told of the recipient within the day before */
    TELLING_DAILY,    /* he was told as much as he may be within the day before */
    TELLING_HOURLY,   /* all were told as much as they may be within the hour before */
    TELLING_OUTCOMES
};

struct telling {
    const char *id; /* the same whenever it is tried */
    const char *author;
    const char *recipient;
    gint64 now;
    gint64 daily;  /* how often an author is told within a day, at most */
    gint64 hourly; /* and all of them within an hour */
};

/* In a transaction of its own; `key` is of store_name_key(). */
bool store_telling_begin(struct store *store, const guint8 *key, const struct telling *telling,
                         enum telling_outcome *outcome, GError **error);
/* He was told, or cannot be: likewise. */
bool store_telling_end(struct store *store, const char *id, GError **error);
