/* preset.h: policies by name: tables of rows. */
#pragma once

#include "classifier/reason.h"
#include "store/policy/policy_row.h"

extern const char *const preset_names[];
enum preset {
    PRESET_STANDARD, /* the defaults */
    PRESET_CAREFUL,  /* waits longer: for a second failure on another day where the others believe one */
    PRESET_STRICT,   /* waits less for what may be temporary, and lets nobody back so soon */
};

/* "never" for a reason that has no row in the table. */
const struct policy_row *preset_row(enum preset preset, enum reason reason);
