/* haul.h: an import: a list is read row by row onto a pile, and taken into the store when all of it was read, some
 * entries at a time, so that others have their turn. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/batches/haul_sums.h"
#include "cmd/lists/roster.h"
#include "reports/audience.h"

struct haul;

/* All is borrowed. */
struct haul_settings {
    struct roster_settings list;
    const char *scope;        /* of rows that name none; NULL: all */
    struct audience audience; /* the entries must be its own */
    bool dry_run;             /* nothing is written */
};

/* The streams and the tenants of the config, by its return paths, as struct entry_rules has them. The caller releases
 * it. */
GHashTable *haul_streams(const GPtrArray *return_paths);
GHashTable *haul_tenants(const GPtrArray *return_paths);

/* NULL and an error if the list cannot be read, or is none. */
struct haul *haul_new(const struct haul_settings *settings, GError **error);
void haul_free(struct haul *haul);

/* Puts the next row onto the pile, until there is an end. ROSTER_ERROR_BROKEN: nothing of the list is to be taken. */
enum roster_result haul_read(struct haul *haul, GError **error);
/* Of the row that was rejected: why, its line, and its text, until the next call. */
const char *haul_fault(const struct haul *haul);
guint64 haul_line(const struct haul *haul);
struct span haul_text(const struct haul *haul);
/* How it was read: "csv, in the form of sendgrid"; the caller frees. */
char *haul_form(const struct haul *haul);

/* How many entries are to be taken, once all was read. */
guint64 haul_count(const struct haul *haul);
/* Takes the next ones, at most HAUL_AT_ONCE, from the pile: `*n` of them; 0: there are none any more. The first time it
 * puts them all in order. */
enum { HAUL_AT_ONCE = 1000 };
bool haul_take(struct haul *haul, guint *n, GError **error);
/* Puts those that were taken last into the store, in one transaction. False has changed nothing, and is the end of it.
 */
bool haul_put(struct haul *haul, struct import *import, GError **error);

const struct haul_sums *haul_sums(const struct haul *haul);

typedef struct haul Haul;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Haul, haul_free)
