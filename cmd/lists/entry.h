/* entry.h: from the fields of one row of a list to an entry of the suppression list. Pure. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/lists/columns.h"
#include "cmd/lists/grounds.h"
#include "store/stored.h"

/* Settings that hold for all rows. */
struct entry_rules {
    const struct classifier *classifier; /* NULL: what a receiver said is not looked at */
    const struct grounds *reason;        /* in place of what the rows say; NULL: they say it */
    const struct grounds *kind; /* of rows that say nothing, where their form does not; NULL: a person's entry */
    const char *who;            /* who brings the list */
    enum store_door door;       /* the way that it comes by */
    const char *scope;          /* in place of what the rows say; NULL: they say it, or it is all */
    const char *note;           /* in place of what the rows say; may be NULL */
    const GPtrArray *policies;  /* of struct policy *; may be NULL */
    GHashTable *streams; /* those that the config names: by its name the scope of each, const char *; NULL: not known */
    GHashTable *tenants; /* likewise */
    bool any_scope;      /* of streams and tenants that the config does not name, too */
    gint64 now;
    gint64 known; /* since when an entry holds that does not tell; 0: now */
    gint64 until; /* in place of what the rows say; 0: they say it */
};

struct entry {
    struct suppression row; /* its since is 0 if the list does not tell */
    const char *place;      /* the provider's stream or list that it is of; NULL: not told */
    bool unplaced;          /* an opt-out from such a one, which is no stream of ours: it holds for all mail */
};

/* Room for the texts of one entry. */
struct entry_room {
    GString *subject, *diagnostic, *note;
    struct grounds grounds;
};
void entry_room_init(struct entry_room *room);
void entry_room_clear(struct entry_room *room);

/* `values` by enum column: text in UTF-8, NULL or "" where there is none. The entry borrows from them and from `room`,
 * as long as they are as they are. NULL, or why it is no entry: a text that lives as long as the program. */
const char *entry_read(struct entry *entry, struct entry_room *room, const struct entry_rules *rules,
                       const struct columns *columns, const char *const values[COLUMN_COUNT]);
