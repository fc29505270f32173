/* rehearsal.h: a copy of the database to try something on, in a directory of its own that goes away with it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bouncectl/display/output.h"
#include "cmd/config/config.h"
#include "store/store.h"

struct rehearsal;

/* Of the database of `config`, which is borrowed; an empty one where there is none. */
struct rehearsal *rehearsal_new(const struct config *config, GError **error);
/* An empty one in any case. */
struct rehearsal *rehearsal_new_empty(const struct config *config, GError **error);
void rehearsal_free(struct rehearsal *rehearsal);

struct store *rehearsal_store(struct rehearsal *rehearsal);
/* Prints the changes of its list since it was made. */
bool rehearsal_print(struct rehearsal *rehearsal, const struct output *output, GError **error);

typedef struct rehearsal Rehearsal;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rehearsal, rehearsal_free)
