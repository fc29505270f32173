/* suggestion.h: what somebody probably meant who made a slip of the pen. */
#pragma once

/* The one of `names`, which end with NULL, that is nearest to `name`; NULL if none is near. "" is no name. */
const char *suggestion_of(const char *const *names, const char *name);
