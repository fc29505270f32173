/* step.h: what became of one rule on the way to a verdict. */
#pragma once

#include <stdbool.h>

#include "classifier/reason.h"

/* One rule that was tried: its text was there, or its code. */
struct classifier_step {
    const char *rule;
    const char *pattern;     /* the pattern that was tried, NULL for a rule that has none */
    const char *excluded_by; /* the scope ("host", "status", ...) that did not hold; "sender" when all did, but the
                                reply is about the sender and the reason the recipient's; else NULL */
    enum reason reason;
    bool decided;
};
