/* advice.h: each reason in a sentence or two for a person: what it means and what to do. */
#pragma once

#include "classifier/reason.h"

/* Never NULL; a constant. */
const char *advice_for(enum reason reason);
