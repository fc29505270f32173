/* effect.h: what the policy did with an event, and why it did not suppress, in words for people. */
#pragma once

#include "store/store.h"

/* "counted: 2 of 5 in 30d, too few yet"; the caller frees. */
char *effect_text(const struct stored_event *row);
