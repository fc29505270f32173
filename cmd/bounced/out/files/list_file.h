/* list_file.h: a file with the list as it is, for programs that read it whole: written on a thread of its own, by a
 * connection of its own, each time somebody has said that the list has changed, and not more often than its period. */
#pragma once

#include <event2/event.h>
#include <glib.h>
#include <stdbool.h>

#include "reports/export.h"

struct list_file;

/* All strings are copied. */
struct list_file_settings {
    const char *store; /* the path of the database */
    const char *path;
    struct export_settings export; /* without `stop` */
    struct store_asker asker;      /* what applies to the mail of this stream or tenant; or to all mail */
    guint every;                   /* seconds from one beginning to the next, at least */
};

/* Is told on the loop, once for each time that it is written: `error` is NULL when the file stands, with all that was
 * on the list when list_file_want() was called last before the writing began; it may be called again here. */
struct list_file_owner {
    void (*written)(void *owner, const struct export_count *count, const char *error);
};

/* Removes what a process left there that was killed as it wrote. */
struct list_file *list_file_new(struct event_base *base, const struct list_file_settings *settings,
                                const struct list_file_owner *calls, void *owner);
/* Leaves off writing, and tells nobody. NULL is fine. */
void list_file_free(struct list_file *file);

/* The list is to be written: now, or as soon as the period has passed. While it is written already: once more. */
void list_file_want(struct list_file *file);

typedef struct list_file ListFile;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ListFile, list_file_free)
