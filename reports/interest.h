/* interest.h: which items of a store's tail (store/tail.h) somebody wants to be told of: those of which each member
 * names one of their words. Pure. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "reports/announcement.h"
#include "store/tail.h"

struct interest {
    struct announcement_types types;
    /* Of char *; NULL: any, of those that have none, too. */
    GPtrArray *reasons;
    GPtrArray *verdicts;
    GPtrArray *streams; /* an entry for all streams is for each of them */
    GPtrArray *tenants; /* likewise */
};

/* The names of the members, as configs and requests have them; ends with NULL. */
extern const char *const interest_names[];

/* Sets the member of this name to words with commas between them; "all" is any. False, and the member stays, if a word
 * names nothing: `*unknown` is to be freed, and NULL if there is no word. */
bool interest_read(struct interest *interest, const char *name, const char *words, char **unknown);
void interest_clear(struct interest *interest);

/* `tenants`: of a stream the tenant, both char *. A change that has no type is for nobody. */
bool interest_wants(const struct interest *interest, GHashTable *tenants, const struct store_tail_item *item);
