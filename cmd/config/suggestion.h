/* suggestion.h: the name that a mistyped one probably stands for. */
#pragma once

/* The one of `names`, which end with NULL, that is nearest to `name`; NULL if none is near. "" is no name. */
const char *suggestion_of(const char *const *names, const char *name);
