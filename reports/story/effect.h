/* effect.h: what the policy did with an event, and why it did not suppress, in words for people. */
#pragma once

#include "store/store.h"

/* "counted: 2 of 5 in 30d, too few yet"; the caller frees. */
char *effect_text(const struct stored_event *row);

/* A policy row as text, and in words: "1: at the first failure, for good"; NULL for NULL. The caller frees. */
char *effect_policy(const char *policy);
