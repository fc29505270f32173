/* testimony.h: what a program tells that the operator has given a token, or his mail server's log (log_testimony.h): an
 * observation, and whose word it is. It needs no other proof. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/observation.h"

/* Plain data. */
struct testimony {
    struct observation observation;
    char *who;     /* the name of the token, or LOG_TESTIMONY_WHO */
    char *key;     /* its own name for it, so that it counts once, however often it comes; NULL: what it says does */
    bool confined; /* it speaks for the tenant of the stream alone */
};

struct testimony *testimony_new(const char *who);
void testimony_free(struct testimony *testimony);
