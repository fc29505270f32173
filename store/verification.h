/* verification.h: is the database what it should be? Its schema is that of a new one, the file is whole, every
 * reference leads somewhere, and the list is what replaying its log gives. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/store.h"

/* Appends to `faults` (of char *, which it owns) a line for each that is found, 100 of a kind at most; none: all is
 * well. Reads everything, as it is at one moment; others may write meanwhile. */
bool store_verify(struct store *store, GPtrArray *faults, GError **error);
