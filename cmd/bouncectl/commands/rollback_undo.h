/* rollback_undo.h: `bouncectl rollback --undo ID`: takes back what a batch did. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bouncectl/context.h"

struct rollback_undo {
    const char *batch;
    const char *note; /* of `apply` */
    const char *who;
    bool apply; /* else it is shown */
    bool all;   /* all entries, also on a terminal */
};

/* The exit status. */
int rollback_undo(struct context *context, const struct rollback_undo *undo, GError **error);
