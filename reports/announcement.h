/* announcement.h: what comes into a store, as those are told of it who follow it: its type, "report.bounce" or
 * "suppression.added", and an object {"type", "timestamp", "data"}. */
#pragma once

#include <glib.h>

#include "store/store.h"

/* The caller frees. */
char *announcement_type_of_event(const struct stored_event *event);
/* NULL for a change that has none. */
const char *announcement_type_of_change(const struct change *change);

/* Each appends one object, without a line end. */
void announcement_event(GString *out, const struct stored_event *event);
void announcement_change(GString *out, const struct change *change);
