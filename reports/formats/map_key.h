/* map_key.h: the keys under which a reader of a map looks a subject of the list up: as a whole in lower case, and a
 * domain in the form that the reader has for one. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* How a reader writes domains: before the name. NULL: it has no form for them. */
struct map_key_form {
    const char *domain;      /* all addresses at it */
    const char *sub_domains; /* those at its sub-domains */
    bool folds;              /* it puts all letters of the keys that it reads into lower case, not ASCII's alone */
};

/* Puts the key of `subject` into `key`, whatever it held. Empty: the reader knows none. */
void map_key(const struct map_key_form *form, const char *subject, GString *key);

/* The other spellings that a reader may ask for, as strings in `others`, whatever it held: letters that are not ASCII
 * in lower case, U-labels in the place of A-labels, and both. */
void map_key_others(const struct map_key_form *form, const GString *key, GPtrArray *others);
