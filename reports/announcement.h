/* announcement.h: what comes into a store, as those are told of it who follow it: its type, "report.bounce" or
 * "suppression.added", and an object {"id", "type", "timestamp", "data"}. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/store.h"

/* The caller frees. */
char *announcement_type_of_event(const struct stored_event *event);
/* NULL for a change that has none. */
const char *announcement_type_of_change(const struct change *change);

/* Is it a member of some object, or of the data of one? */
bool announcement_has(const char *name, size_t length);

/* Types that somebody wants. All 0 is all. */
struct announcement_types {
    guint32 reports; /* a bit for each kind */
    guint32 changes;
};

/* Adds what a word names: a type, or "report" or "suppression" for all of that sort. False if it names none. */
bool announcement_types_add(struct announcement_types *types, const char *word);
/* The same of words with commas between them; `*unknown`, the first that names none, is to be freed. */
bool announcement_types_read(struct announcement_types *types, const char *words, char **unknown);
/* Is any event, or any change, wanted? And is this one? */
bool announcement_wants_reports(const struct announcement_types *types);
bool announcement_wants_changes(const struct announcement_types *types);
bool announcement_wants_event(const struct announcement_types *types, const struct stored_event *event);
bool announcement_wants_change(const struct announcement_types *types, const struct change *change);

/* Each appends one object, without a line end; with its `id`, unless that is NULL. */
void announcement_event(GString *out, const char *id, const struct stored_event *event);
void announcement_change(GString *out, const char *id, const struct change *change);
